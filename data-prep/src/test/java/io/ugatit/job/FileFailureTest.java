package io.ugatit.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

class FileFailureTest {
    @Test
    void aDiskThatIsFullIsToldInOneLineWithTheFile() throws IOException {
        Path disk = new Path("/dev/full");
        FSDataOutputStream out = FileSystem.getLocal(new Configuration()).getRaw().create(disk, true);
        FSError full = catchThrowableOfType(FSError.class, () -> {
            out.write(new byte[1 << 20]);
            out.flush();
        });
        assertThat(FileFailure.of(disk, full)).isInstanceOf(IOException.class).hasMessage("/dev/full: No space left on device").hasCause(full);
    }

    @Test
    void aServersStackTraceIsLeftOut() {
        assertThat(FileFailure.reason(new IOException("The DiskSpace quota of /x is exceeded\n\tat NameNode"))).isEqualTo(
                "The DiskSpace quota of /x is exceeded");
    }

    @Test
    void aFailureWithoutAMessageIsNamed() {
        assertThat(FileFailure.reason(new IOException())).isEqualTo("IOException");
    }
}
