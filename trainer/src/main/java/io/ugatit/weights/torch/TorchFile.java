package io.ugatit.weights.torch;

import static io.ugatit.job.Untrusted.quoted;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.publish.Publishing;
import io.ugatit.safetensors.DType;
import io.ugatit.safetensors.FloatDecoder;
import io.ugatit.safetensors.TensorFile;
import io.ugatit.safetensors.TensorInfo;
import io.ugatit.tensor.FloatMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What {@code torch.save} writes since PyTorch 1.6, open for reading: a zip archive with a pickle, of which {@link PickleReader} takes the
 * data and runs nothing, and a file for each storage. The tensors of dictionaries in dictionaries have their keys joined by dots, such as
 * {@code genA2B.DownBlock.1.weight}. Opening checks that every tensor lies inside the file; reading streams through one buffer of 1 MiB.
 * Not thread-safe.
 */
public final class TorchFile implements TensorFile {
    /** How many bytes tell what a file is. */
    public static final int BEGINNING = 4;

    private static final String PICKLE = "/data.pkl";
    /** The six networks need 0.1 MB. */
    private static final int LARGEST_PICKLE = 16 << 20;
    private static final int BYTE_ORDER_BYTES = 16;
    private static final int CHUNK_BYTES = 1 << 20;
    /** A storage may be shared, as between two networks; many tensors of one large storage would take memory without end. */
    private static final int MOST_SHARED = 8;

    private final Path path;
    private final TorchArchive archive;
    private final String folder;
    private final Map<String, StridedTensor> strided;
    private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();

    private TorchFile(Path path, TorchArchive archive, long length) throws IOException {
        this.path = path;
        this.archive = archive;
        this.folder = folder(path, archive);
        requireLittleEndian();
        byte[] pickle = archive.bytes(folder + PICKLE, LARGEST_PICKLE);
        try {
            this.strided = TensorTree.flatten(PickleReader.read(pickle));
        } catch (InvalidRequestException e) {
            throw new InvalidRequestException(path + ": " + e.getMessage(), e);
        }
        long total = 0;
        for (Map.Entry<String, StridedTensor> tensor : strided.entrySet()) {
            requireStored(tensor.getKey(), tensor.getValue().storage());
            TensorInfo info = new TensorInfo(tensor.getKey(), tensor.getValue().storage().type(), tensor.getValue().shape());
            tensors.put(tensor.getKey(), info);
            total += info.bytes();
            if (total < 0 || total > MOST_SHARED * length) {
                throw new InvalidRequestException(path + ": its tensors share storages more than " + MOST_SHARED + " times over");
            }
        }
    }

    /**
     * Opens a file and checks what it says of its tensors.
     *
     * @param configuration finds the path's file system
     * @param path the file
     * @throws InvalidRequestException if there is no such file, or it is no whole file of PyTorch that holds tensors in dictionaries, and
     *     nothing but what is known to be harmless; one line that names the file
     * @throws IOException if the file system fails
     */
    public static TorchFile open(Configuration configuration, Path path) throws IOException {
        FileSystem fileSystem = Publishing.fileSystem(configuration, path);
        FileStatus status = Publishing.requireFile(fileSystem, path);
        FSDataInputStream in = fileSystem.open(path);
        try {
            requireZip(path, in);
            return new TorchFile(path, new TorchArchive(path, in, status.getLen()), status.getLen());
        } catch (IOException | RuntimeException | Error e) {
            in.close();
            throw e;
        }
    }

    /**
     * Whether a file begins as those of PyTorch do, of whatever version. No safetensors file with a header of less than 64 MB does.
     *
     * @param beginning the first {@link #BEGINNING} bytes of the file
     */
    public static boolean looksLike(byte[] beginning) {
        boolean magicNumber = beginning[2] == (byte) 0x8a && beginning[3] == 10; // a number of 10 bytes
        return isZip(beginning) || isPickle(beginning) && magicNumber;
    }

    private static boolean isZip(byte[] beginning) {
        return beginning[0] == 'P' && beginning[1] == 'K' && beginning[2] == 3 && beginning[3] == 4;
    }

    private static boolean isPickle(byte[] beginning) {
        return beginning[0] == (byte) 0x80 && beginning[1] >= 1 && beginning[1] <= 5;
    }

    private static void requireZip(Path path, FSDataInputStream in) throws IOException {
        byte[] beginning = new byte[BEGINNING];
        int count = in.readNBytes(beginning, 0, beginning.length);
        if (count == beginning.length && isPickle(beginning)) {
            throw new InvalidRequestException(path + ": is of PyTorch's format before 1.6, which is not read; save it anew with python3 -c \"import"
                    + " torch; torch.save(torch.load('" + path.getName() + "', map_location='cpu'), 'new.pt')\"");
        }
        if (count < beginning.length || !isZip(beginning)) {
            throw new InvalidRequestException(path + ": is no file of PyTorch: it does not begin as a zip archive does");
        }
    }

    /** The one folder of the archive, whose name is PyTorch's choice. */
    private static String folder(Path path, TorchArchive archive) {
        List<String> folders = new ArrayList<>();
        for (String name : archive.names()) {
            if (name.endsWith(PICKLE) && name.indexOf('/') == name.length() - PICKLE.length()) {
                folders.add(name.substring(0, name.length() - PICKLE.length()));
            }
        }
        if (folders.size() != 1) {
            throw new InvalidRequestException(path + ": is no file of PyTorch: a zip archive with " + folders.size()
                    + " files data.pkl in its folders, expected one");
        }
        if (archive.holds(folders.get(0) + "/constants.pkl")) {
            throw new InvalidRequestException(path + ": is a program that torch.jit.save wrote; save the networks' state_dict() with torch.save");
        }
        return folders.get(0);
    }

    private void requireLittleEndian() throws IOException {
        String entry = folder + "/byteorder";
        if (archive.holds(entry)) {
            String order = new String(archive.bytes(entry, BYTE_ORDER_BYTES), StandardCharsets.US_ASCII);
            if (!order.equals("little")) {
                throw new InvalidRequestException(path + ": its numbers are in byte order " + quoted(order) + ", expected little");
            }
        }
    }

    private String entry(TorchStorage storage) {
        return folder + "/data/" + storage.key();
    }

    private void requireStored(String tensor, TorchStorage storage) {
        String entry = entry(storage);
        if (!archive.holds(entry)) {
            throw new InvalidRequestException(path + ": tensor " + quoted(tensor) + ": its storage " + quoted(entry) + " is missing");
        }
        long bytes = archive.length(entry);
        if (bytes / storage.type().bytes() != storage.elements() || bytes % storage.type().bytes() != 0) {
            throw new InvalidRequestException(path + ": tensor " + quoted(tensor) + ": its storage " + quoted(entry) + " takes " + bytes
                    + " bytes, expected " + storage.elements() + " elements of type " + storage.type());
        }
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public Map<String, TensorInfo> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    @Override
    public void read(String name, INDArray destination) throws IOException {
        check(name, destination.shape());
        FloatMemory memory = new FloatMemory(name, destination);
        StridedTensor tensor = strided.get(name);
        if (memory.length() > 0) {
            if (tensor.contiguous()) {
                stream(tensor, memory);
            } else {
                new StridedReader(archive, archive.begin(entry(tensor.storage())), tensor).read(memory);
            }
        }
        memory.written();
    }

    private void stream(StridedTensor tensor, FloatMemory memory) throws IOException {
        DType type = tensor.storage().type();
        byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, memory.length() * type.bytes())];
        int floatsAChunk = chunk.length / type.bytes();
        long begin = archive.begin(entry(tensor.storage())) + tensor.offset() * type.bytes();
        for (long from = 0; from < memory.length(); from += floatsAChunk) {
            int count = (int) Math.min(floatsAChunk, memory.length() - from);
            archive.readFully(begin + from * type.bytes(), chunk, count * type.bytes());
            FloatDecoder.decode(type, ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN), count, memory.slice(from, count).asFloatBuffer());
        }
    }

    @Override
    public void close() throws IOException {
        archive.close();
    }
}
