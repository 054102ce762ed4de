package io.ugatit.prep.source;

import io.ugatit.input.ArchiveContents;
import io.ugatit.input.ArchiveName;
import io.ugatit.input.FolderContents;
import io.ugatit.input.InputFile;
import io.ugatit.input.LeftOut;
import io.ugatit.job.FileFailure;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.NameEncoding;
import io.ugatit.job.Packed;
import io.ugatit.job.Progress;
import io.ugatit.job.WatchedJob;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/** Looks through archives on the cluster, a task for each; names, places and hashes come back, no file's bytes. */
final class Archives {
    private Archives() {}

    /**
     * Lists archives.
     *
     * @param archives with paths relative to the input
     * @param input the input, fully qualified
     * @param out where progress lines go
     * @return what each of them holds, by its path; in the words of {@link ArchiveContents}
     * @throws JobFailedException if one cannot be read
     */
    static Map<String, FolderContents> list(
            List<InputFile> archives, Path input, JavaSparkContext spark, Broadcast<SerializableConfiguration> conf, PrintStream out) {
        Map<String, FolderContents> contents = new HashMap<>();
        if (archives.isEmpty()) {
            return contents;
        }
        List<Packed<Found>> found = WatchedJob.collect(spark,
                new Progress("look through archives", archives.size(), "archives", out, System::nanoTime), "nothing was published",
                done -> spark.parallelize(archives.stream().map(Packed::of).toList(), archives.size())
                        .map(new Look(conf, input.toString(), done)));
        for (int i = 0; i < archives.size(); i++) {
            Found one = found.get(i).get();
            contents.put(archives.get(i).path(), new FolderContents(List.of(one.files()), List.of(one.leftOut())));
        }
        return contents;
    }

    /**
     * Puts what archives hold in the place of those that lie among files.
     *
     * @param folder what a folder holds, archives not opened
     * @param prefix what goes before the folder's relative paths to make them relative to the input: empty, or its name and {@code /}
     * @param opened what archives hold, by their paths relative to the input
     * @return files by paths relative to the folder, those of an archive below the archive's; what is left out relative to the input
     */
    static FolderContents open(FolderContents folder, String prefix, Map<String, FolderContents> opened) {
        List<InputFile> files = new ArrayList<>();
        List<LeftOut> leftOut = new ArrayList<>(folder.leftOut());
        for (InputFile file : folder.files()) {
            String name = prefix + file.path();
            if (ArchiveName.isRead(file.path())) {
                FolderContents contents = opened.get(name);
                contents.files().forEach(member -> files.add(
                        new InputFile(file.path() + "/" + member.path(), member.length(), member.modified(), member.member())));
                contents.leftOut().forEach(member ->
                        leftOut.add(member.as(member.source().isEmpty() ? name : name + "/" + member.source())));
            } else if (ArchiveName.isOther(file.path())) {
                leftOut.add(new LeftOut(name, LeftOut.Kind.REJECTED, "an archive of a kind that is not read: unpack it, or make it one of "
                        + ArchiveName.endings()));
            } else {
                files.add(file);
            }
        }
        return new FolderContents(files, leftOut);
    }

    /** What a task sends back. */
    private record Found(InputFile[] files, LeftOut[] leftOut) implements java.io.Serializable {}

    /** The task. */
    private record Look(Broadcast<SerializableConfiguration> conf, String input, LongAccumulator done)
            implements Function<Packed<InputFile>, Packed<Found>> {
        @Override
        public Packed<Found> call(Packed<InputFile> packed) throws IOException {
            InputFile archive = packed.get();
            NameEncoding.requireInTask(conf.value().value(), input);
            try {
                FolderContents contents = ArchiveContents.of(conf.value().value(), new Path(input), archive,
                        (name, bytes) -> ImageHash.of(bytes, name));
                done.add(1);
                return Packed.of(new Found(contents.files().toArray(new InputFile[0]), contents.leftOut().toArray(new LeftOut[0])));
            } catch (IOException | FSError e) {
                String name = archive.path().isEmpty() ? input : archive.path();
                throw new JobFailedException("cannot read " + name + " (" + FileFailure.reason(e) + "); nothing was published", e);
            }
        }
    }
}
