package io.ugatit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In class loaders of their own, as on executors; so the library is loaded anew. */
class LibwebpTest {
    private static final String PLACE = "com.luciad.imageio.webp.tmpdir";

    @TempDir
    Path folder;

    @Test
    void theLibraryLoadsFromTheFirstPlaceThatCanBeWrittenAndLeavesNothingThere() throws Exception {
        String nowhere = folder.resolve("nowhere").toString();

        int width = (int) withPlaces(Map.of(PLACE, nowhere, "java.io.tmpdir", folder.toString()), this::decodeElsewhere);

        assertThat(width).isEqualTo(48);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aLibraryThatLoadsNowhereFailsTheJobWithWhatToDo() {
        String nowhere = folder.resolve("nowhere").toString();
        Map<String, String> places = Map.of(PLACE, nowhere, "java.io.tmpdir", nowhere, "user.home", nowhere, "user.dir", nowhere);

        assertThatThrownBy(() -> withPlaces(places, this::decodeElsewhere))
                .isInstanceOf(InvocationTargetException.class)
                .cause()
                .satisfies(e -> assertThat(e.getClass().getName()).isEqualTo("io.ugatit.job.JobFailedException"))
                .message()
                .startsWith("WebP images cannot be decoded on ")
                .contains("libwebp does not load from any of " + nowhere + " (")
                .contains("set -D" + PLACE + " to a folder where programs may be run")
                .doesNotContain("\n");
    }

    private Object decodeElsewhere() throws ReflectiveOperationException, IOException {
        byte[] file = ImageDecoderTest.resource("formats/lossy.webp");
        try (URLClassLoader elsewhere = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            Class<?> decoder = elsewhere.loadClass(ImageDecoder.class.getName());
            Object image = decoder.getMethod("decode", byte[].class).invoke(decoder.getConstructor().newInstance(), (Object) file);
            return image.getClass().getMethod("width").invoke(image);
        }
    }

    private static URL[] classPath() throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return urls.toArray(URL[]::new);
    }

    /** Something that may throw. */
    @FunctionalInterface
    private interface Call {
        Object run() throws ReflectiveOperationException, IOException;
    }

    private static Object withPlaces(Map<String, String> places, Call call) throws ReflectiveOperationException, IOException {
        Map<String, String> before = new HashMap<>();
        places.keySet().forEach(property -> before.put(property, System.getProperty(property)));
        try {
            places.forEach(System::setProperty);
            return call.run();
        } finally {
            before.forEach((property, value) -> {
                if (value == null) {
                    System.clearProperty(property);
                } else {
                    System.setProperty(property, value);
                }
            });
        }
    }
}
