package io.ugatit.translate.output;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Tar archives in WebDataset's layout: of each image {@code KEY.png} or {@code KEY.jpg}, {@code KEY.heatmap.png} if there is one, and
 * {@code KEY.json}, one after the other. Owners and times are none, so that the same translations give the same bytes.
 *
 * @param facts what the JSON says of every image beside its path
 */
record TarParts(Map<String, String> facts) implements PartFormat {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public Part begin(OutputStream out) {
        return new Tar(out);
    }

    private final class Tar implements Part {
        private final TarArchiveOutputStream tar;

        Tar(OutputStream out) {
            tar = new TarArchiveOutputStream(out, "UTF-8");
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            tar.setAddPaxHeadersForNonAsciiNames(true);
        }

        @Override
        public void add(MadeTranslation made) throws IOException {
            String name = made.planned().translation();
            entry(name, made.encoded().image());
            if (made.encoded().heatmap().isPresent()) {
                entry(Plan.heatmap(name), made.encoded().heatmap().get());
            }
            ObjectNode json = JSON.createObjectNode().put("path", made.planned().image().path());
            facts.forEach(json::put);
            entry(name.substring(0, name.lastIndexOf('.')) + ".json", JSON.writeValueAsBytes(json));
        }

        private void entry(String name, byte[] content) throws IOException {
            TarArchiveEntry entry = new TarArchiveEntry(name);
            entry.setModTime(0);
            entry.setSize(content.length);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
        }

        @Override
        public long length() {
            return tar.getBytesWritten();
        }

        @Override
        public void finish() throws IOException {
            tar.finish();
        }
    }
}
