package io.ugatit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.image.DecodingMemory.Share;
import io.ugatit.image.strip.WideVectors;
import io.ugatit.job.JobFailedException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DecodingMemoryTest {
    private static final int MB = 1 << 20;

    @Test
    void whatWouldNeverFitIsRefusedWithWhatItTakesAndWhatHelps() {
        assertThatThrownBy(() -> new DecodingMemory(100 * MB).take(101 * MB))
                .isInstanceOf(ImageFormatException.class)
                .hasMessage("decoding it takes 101 MB, more than the 100 MB there are for that: raise --executor-memory, or "
                        + "--driver-memory with --master local");
    }

    @Test
    void aShareGrowsOnlyIfTheRestIsThereNow() throws IOException {
        DecodingMemory memory = new DecodingMemory(100 * MB);
        Share other = memory.take(50 * MB);
        Share share = memory.take(10 * MB);

        assertThat(share.extend(60 * MB)).isFalse();
        assertThat(share.wanted()).isEqualTo(60 * MB);
        other.close();
        assertThat(share.extend(60 * MB)).isTrue();
        share.close();
        assertThat(memory.take(100 * MB).extend(100 * MB)).isTrue();
    }

    /** More threads than there is memory for: each gets its turn, and never do two hold what only one may. */
    @Test
    void imagesThatDoNotFitTogetherTakeTurns() throws Exception {
        byte[] file = ImageDecoderTest.resource("formats/rgb.bmp");
        DecodingMemory memory = new DecodingMemory(needed(file));
        ImageDecoder decoder = new ImageDecoder(1_000_000, memory);
        byte[] expected = Fit.STRETCH.apply(new ImageDecoder().decode(file), 16).pixels();
        AtomicInteger holding = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<byte[]>> calls = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                calls.add(() -> decoder.decode(new ImageFile("x.png", file.length, () -> file), Fit.STRETCH, 16, (image, bytes) -> {
                    most.accumulateAndGet(holding.incrementAndGet(), Math::max);
                    Thread.yield();
                    holding.decrementAndGet();
                    return image.pixels();
                }));
            }
            for (Future<byte[]> pixels : threads.invokeAll(calls)) {
                assertThat(pixels.get()).isEqualTo(expected);
            }
        } finally {
            threads.shutdown();
        }
        assertThat(most).hasValue(1);
    }

    /** The file is given up while its reader waits, so that whoever has the memory can finish, and read again. */
    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void whoeverWaitsHoldsNothingAndReadsAgain() throws Exception {
        byte[] file = ImageDecoderTest.resource("formats/rgb.bmp");
        long needed = needed(file);
        DecodingMemory memory = new DecodingMemory(needed);
        ImageDecoder decoder = new ImageDecoder(1_000_000, memory);
        Share other = memory.take(needed - file.length - 1024);
        CountDownLatch read = new CountDownLatch(1);
        AtomicInteger reads = new AtomicInteger();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<Integer> width = thread.submit(() -> decoder.decode(new ImageFile("x.png", file.length, () -> {
                reads.incrementAndGet();
                read.countDown();
                return file;
            }), Fit.STRETCH, 16, (image, bytes) -> image.width()));
            read.await();
            while (!other.extend(needed)) { // until the reader has let go
                Thread.onSpinWait();
            }
            assertThat(width.isDone()).isFalse();
            other.close();
            assertThat(width.get()).isEqualTo(16);
        } finally {
            thread.shutdown();
        }
        assertThat(reads).hasValue(2);
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void whoeverWaitsDoesSoInVainOnlyIfTheEndlessOnesHoldTooMuch() throws Exception {
        DecodingMemory memory = new DecodingMemory(100 * MB);
        Set<Thread> endless = Set.of(Thread.currentThread());
        Share held = memory.take(10 * MB);
        assertThat(held.extend(20 * MB)).isTrue();
        FutureTask<Share> waiting = new FutureTask<>(() -> memory.take(81 * MB));
        Thread thread = new Thread(waiting);
        thread.start();
        while (!memory.waitsInVain(thread, endless)) { // until it waits
            Thread.onSpinWait();
        }

        assertThat(memory.waitsInVain(thread, Set.of())).isFalse();
        assertThat(memory.waitsInVain(Thread.currentThread(), endless)).isFalse();
        held.close();
        assertThat(memory.waitsInVain(thread, endless)).isFalse();
        waiting.get().close();
        assertThat(memory.take(20 * MB).extend(100 * MB)).isTrue();
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void whoeverIsInterruptedKeepsNobodyWaiting() throws Exception {
        DecodingMemory memory = new DecodingMemory(100 * MB);
        memory.take(60 * MB);
        FutureTask<Share> waiting = new FutureTask<>(() -> memory.take(90 * MB));
        Thread thread = new Thread(waiting);
        thread.start();
        while (!memory.waitsInVain(thread, Set.of(Thread.currentThread()))) { // until it waits
            Thread.onSpinWait();
        }

        thread.interrupt();

        assertThatThrownBy(waiting::get).hasRootCauseInstanceOf(InterruptedException.class)
                .cause().isInstanceOf(JobFailedException.class).hasMessage("interrupted while an image waited for memory");
        assertThat(memory.take(40 * MB).extend(40 * MB)).isTrue();
    }

    @Test
    void anImageThatTakesMoreThanThereIsIsRefusedBeforeItIsDecoded() throws IOException {
        byte[] file = ImageDecoderTest.resource("formats/rgb.bmp");
        ImageDecoder decoder = new ImageDecoder(1_000_000, new DecodingMemory(file.length + 1024));

        assertThatThrownBy(() -> decoder.decode(new ImageFile("x.png", file.length, () -> file), Fit.STRETCH, 16, (image, bytes) -> image))
                .isInstanceOf(ImageFormatException.class)
                .hasMessageStartingWith("decoding it takes 1 MB, more than the 1 MB there are for that");
    }

    /** Strips become the square as they come; a GIF of that size needs 23 MB. */
    @Test
    void aJpegOrPngIsFittedInLessMemoryThanItsPixelsTake() throws IOException {
        Assumptions.assumeTrue(WideVectors.AVAILABLE);
        BufferedImage pixels = new BufferedImage(2000, 3000, BufferedImage.TYPE_3BYTE_BGR);
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ByteArrayOutputStream gif = new ByteArrayOutputStream();
        ImageIO.write(pixels, "jpeg", jpeg);
        ImageIO.write(pixels, "png", png);
        ImageIO.write(pixels, "gif", gif);
        ImageDecoder decoder = new ImageDecoder(6_000_000, new DecodingMemory(4 * MB));

        assertThat(fitted(decoder, jpeg.toByteArray())).isEqualTo(new byte[3 * 64 * 64]);
        assertThat(fitted(decoder, png.toByteArray())).isEqualTo(new byte[3 * 64 * 64]);
        assertThatThrownBy(() -> fitted(decoder, gif.toByteArray())).hasMessageStartingWith("decoding it takes 23 MB");
    }

    /** All coefficients of a progressive JPEG are held, of two bytes each. */
    @Test
    void theCoefficientsOfAProgressiveJpegAreReckonedWith() throws IOException {
        Assumptions.assumeTrue(WideVectors.AVAILABLE);
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(jpeg)) {
            ImageWriteParam settings = writer.getDefaultWriteParam();
            settings.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
            writer.setOutput(out);
            writer.write(null, new IIOImage(new BufferedImage(2000, 3000, BufferedImage.TYPE_3BYTE_BGR), null, null), settings);
        } finally {
            writer.dispose();
        }
        ImageDecoder enough = new ImageDecoder(6_000_000, new DecodingMemory(22 * MB));
        ImageDecoder tooLittle = new ImageDecoder(6_000_000, new DecodingMemory(15 * MB));

        assertThat(fitted(enough, jpeg.toByteArray())).isEqualTo(new byte[3 * 64 * 64]);
        assertThatThrownBy(() -> fitted(tooLittle, jpeg.toByteArray())).hasMessageMatching("decoding it takes (18|19|20) MB.*");
    }

    private static byte[] fitted(ImageDecoder decoder, byte[] file) throws ImageFormatException {
        return decoder.decode(new ImageFile("x", file.length, () -> file), Fit.STRETCH, 64, (image, bytes) -> image.pixels());
    }

    /** What is taken for 48 x 32 pixels and for a square of 16 and what leads to it, at most; two do not fit. */
    private static long needed(byte[] file) {
        return file.length + 16L * 1024;
    }
}
