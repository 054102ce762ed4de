package io.ugatit.translate;

import io.ugatit.image.ImageFormatException;
import io.ugatit.input.LeftOut;
import io.ugatit.translate.output.EncodedTranslation;
import io.ugatit.translate.output.MadeTranslation;
import io.ugatit.translate.output.PlannedImage;
import io.ugatit.translate.source.SourceImages;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.util.LongAccumulator;

/** The translations of a task, made as they are asked for, in batches if that is wanted; passes over what cannot be translated. */
final class TranslatedImages implements Iterator<MadeTranslation> {
    private final Iterator<PlannedImage> planned;
    private final SourceImages images;
    private final SourceTranslation translation;
    private final Consumer<LeftOut> leftOut;
    private final LongAccumulator done;
    private final Deque<MadeTranslation> made = new ArrayDeque<>();
    private long metadataCut;

    /**
     * @param leftOut takes what cannot be translated
     * @param done counts images for the progress line
     */
    TranslatedImages(Iterator<PlannedImage> planned, SourceImages images, SourceTranslation translation, Consumer<LeftOut> leftOut,
            LongAccumulator done) {
        this.planned = planned;
        this.images = images;
        this.translation = translation;
        this.leftOut = leftOut;
        this.done = done;
    }

    /** How many translations made so far lack metadata that was too much for their format. */
    long metadataCut() {
        return metadataCut;
    }

    @Override
    public boolean hasNext() {
        while (made.isEmpty() && planned.hasNext()) {
            if (translation.options().batch() > 1) {
                translateBatch();
            } else {
                translateNext();
            }
        }
        return !made.isEmpty();
    }

    @Override
    public MadeTranslation next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return made.remove();
    }

    private void translateNext() {
        PlannedImage image = planned.next();
        unlessLeftOut(image, () -> add(image, translation.of(images.file(image.image()))));
        done.add(1);
    }

    private void translateBatch() {
        List<PlannedImage> together = new ArrayList<>();
        List<SourceTranslation.Square> squares = new ArrayList<>();
        while (squares.size() < translation.options().batch() && planned.hasNext()) {
            PlannedImage image = planned.next();
            boolean read = unlessLeftOut(image, () -> squares.add(translation.square(images.file(image.image()))));
            if (read) {
                together.add(image);
            } else {
                done.add(1);
            }
        }
        List<Optional<EncodedTranslation>> encoded = translation.of(squares);
        for (int i = 0; i < encoded.size(); i++) {
            PlannedImage image = together.get(i);
            Optional<EncodedTranslation> file = encoded.get(i);
            unlessLeftOut(image, () -> add(image, SourceTranslation.finite(file)));
        }
        done.add(encoded.size());
    }

    private void add(PlannedImage image, EncodedTranslation encoded) {
        metadataCut += encoded.metadataCut() ? 1 : 0;
        made.add(new MadeTranslation(image, encoded));
    }

    private interface Work {
        void run() throws ImageFormatException;
    }

    private boolean unlessLeftOut(PlannedImage image, Work work) {
        try {
            work.run();
            return true;
        } catch (ImageFormatException e) {
            leftOut.accept(SourceTranslation.leftOut(image.image().path(), e));
            return false;
        }
    }
}
