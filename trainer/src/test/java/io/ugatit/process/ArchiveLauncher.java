package io.ugatit.process;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;

/** Runs a program whose own classes are not archived, since they change with every build, with libraries that are. */
final class ArchiveLauncher {
    private ArchiveLauncher() { }

    /** @param args the program's class path, its main class, and its words */
    public static void main(String[] args) throws Exception {
        String[] classPath = args[0].split(File.pathSeparator);
        URL[] places = new URL[classPath.length];
        for (int i = 0; i < places.length; i++) {
            places[i] = Path.of(classPath[i]).toUri().toURL();
        }
        ClassLoader loader = new URLClassLoader(places);
        Thread.currentThread().setContextClassLoader(loader);
        loader.loadClass(args[1]).getMethod("main", String[].class).invoke(null, (Object) Arrays.copyOfRange(args, 2, args.length));
        System.exit(0); // ends threads that would stay
    }
}
