package io.ugatit.image.jpeg;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a JPEG says beside its pixels (ITU-T T.81, annex B), if it is of the usual kind: Huffman codes, 8 bits, one, three or four components whose
 * sizes differ by factors of 1, 2 or 4 across and 1 or 2 down, in one scan or progressive with every bit of every coefficient in its place.
 */
final class JpegHeader {
    /** Programs write twenty at most; more would be for the time and memory that they take. */
    private static final int MOST_SCANS = 100;
    private static final int MOST_COMPONENTS = 4;

    private static final int[] NATURAL_ORDER = {
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63
    };

    private final byte[] file;
    private final int[][] quantization = new int[4][];
    private final HuffmanTable[] dc = new HuffmanTable[4];
    private final HuffmanTable[] ac = new HuffmanTable[4];
    private final int[] dcOf = new int[MOST_COMPONENTS];
    private final int[] acOf = new int[MOST_COMPONENTS];
    private List<Component> components = List.of();
    private int unitAcross;
    private int unitDown;
    private int width;
    private int height;
    private int restartInterval;
    private boolean isJfif;
    private int adobeTransform = -1;
    private int scan;
    /** What the scans have left to give of a progressive JPEG; null if it is not progressive. */
    private MissingBits missing;
    private final List<ProgressiveScan> scans = new ArrayList<>();

    private JpegHeader(byte[] file) {
        this.file = file;
    }

    /**
     * Reads the header.
     *
     * @param file the whole file
     * @return the header; nothing if the file is of another kind or its header is not as it should be
     */
    static Optional<JpegHeader> read(byte[] file) {
        JpegHeader header = new JpegHeader(file);
        return header.read() && header.isUsual() ? Optional.of(header) : Optional.empty();
    }

    /** Where zigzag order has a coefficient, by rows. */
    static int natural(int zigzag) {
        return NATURAL_ORDER[zigzag];
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /** One, three or four. */
    List<Component> components() {
        return components;
    }

    /** A component's factors for its coefficients, in zigzag order. */
    int[] quantization(int component) {
        return quantization[components.get(component).quantization()];
    }

    HuffmanTable dc(int component) {
        return dc[dcOf[component]];
    }

    HuffmanTable ac(int component) {
        return ac[acOf[component]];
    }

    /** Units of the scan from one restart marker to the next; 0 if there are none. */
    int restartInterval() {
        return restartInterval;
    }

    /** The scans of a progressive JPEG, in their order; none if it is not progressive. */
    List<ProgressiveScan> scans() {
        return scans;
    }

    /** Units of a row that cover the image. */
    int unitsAcross() {
        return (width - 1) / (8 * unitAcross) + 1;
    }

    /** Rows of units that cover the image. */
    int unitsDown() {
        return (height - 1) / (8 * unitDown) + 1;
    }

    /** Where the data of the only scan begins; of no meaning if there are several. */
    int scan() {
        return scan;
    }

    /** Columns of blocks in a unit, of the component that has most. */
    int unitAcross() {
        return unitAcross;
    }

    /** Rows of blocks in a unit, of the component that has most. */
    int unitDown() {
        return unitDown;
    }

    /** Whether three components are red, green and blue as they are; told as libjpeg does. */
    boolean isRgb() {
        if (isJfif) {
            return false;
        }
        return adobeTransform >= 0 ? adobeTransform == 0 : ids().equals(List.of((int) 'R', (int) 'G', (int) 'B'));
    }

    /** Whether the first three of four components are light and differences of colour, and not inks; told as libjpeg does. */
    boolean isYcck() {
        return adobeTransform > 0;
    }

    private List<Integer> ids() {
        return components.stream().map(Component::id).toList();
    }

    /** Whether all segments up to the scan, or to the end of a progressive JPEG, are whole and of the usual kind. */
    private boolean read() {
        int at = 2;
        while (at + 1 < file.length && u8(at) == 0xff) {
            int marker = u8(at + 1);
            if (marker == 0xff) { // a fill byte
                at++;
                continue;
            }
            if (marker == 0xd9 || at + 4 > file.length) {
                return marker == 0xd9 && missing != null && missing.isEmpty();
            }
            int from = at + 4;
            int end = at + 2 + u16(at + 2);
            if (end < from || end > file.length) {
                return false;
            }
            boolean usual = switch (marker) {
                case 0xc0, 0xc1, 0xc2 -> frame(from, end, marker == 0xc2);
                case 0xc4 -> huffman(from, end);
                case 0xdb -> scans.isEmpty() && quantization(from, end); // later ones would count for some components only
                case 0xdd -> restart(from, end);
                case 0xda -> missing == null ? scan(from, end) : progressiveScan(from, end);
                case 0xe0 -> !scans.isEmpty() || jfif(from, end);
                case 0xee -> !scans.isEmpty() || adobe(from, end);
                default -> marker > 0xe0 && marker < 0xf0 || marker == 0xfe;
            };
            if (!usual || scan > 0) {
                return usual;
            }
            at = marker == 0xda ? behindData(end) : end;
        }
        return false;
    }

    /** Where the next marker is that does not belong to a scan's data. */
    private int behindData(int from) {
        int at = from;
        while (at + 1 < file.length && (u8(at) != 0xff || u8(at + 1) == 0 || u8(at + 1) == 0xff || (u8(at + 1) & 0xf8) == 0xd0)) {
            at++;
        }
        return at;
    }

    private boolean frame(int from, int end, boolean progressive) {
        if (!components.isEmpty() || end - from < 6 || end - from != 6 + 3 * u8(from + 5) || u8(from) != 8) {
            return false;
        }
        height = u16(from + 1);
        width = u16(from + 3);
        List<Component> found = new ArrayList<>();
        for (int at = from + 6; at < end; at += 3) {
            found.add(new Component(u8(at), u8(at + 1) >> 4, u8(at + 1) & 15, u8(at + 2)));
        }
        components = found.size() == 1 ? List.of(new Component(found.get(0).id(), 1, 1, found.get(0).quantization())) : found;
        for (Component component : components) {
            unitAcross = Math.max(unitAcross, component.across());
            unitDown = Math.max(unitDown, component.down());
        }
        missing = progressive ? new MissingBits(components.size()) : null;
        return true;
    }

    private boolean huffman(int from, int end) {
        int at = from;
        while (at + 17 <= end) {
            int kind = u8(at);
            int size = HuffmanTable.size(file, at + 1);
            boolean isDc = kind < 0x10;
            if (kind > 0x13 || (kind & 15) > 3 || !HuffmanTable.isCode(file, at + 1, end, isDc)) {
                return false;
            }
            (isDc ? dc : ac)[kind & 15] = new HuffmanTable(file, at + 1);
            at += 1 + size;
        }
        return at == end;
    }

    private boolean quantization(int from, int end) {
        int at = from;
        while (at < end) {
            int number = u8(at) & 15;
            int bytes = u8(at) >> 4 == 0 ? 1 : 2;
            if (u8(at) > 0x13 || number > 3 || at + 1 + 64 * bytes > end) {
                return false;
            }
            quantization[number] = new int[64];
            for (int k = 0; k < 64; k++) {
                quantization[number][k] = bytes == 1 ? u8(at + 1 + k) : u16(at + 1 + 2 * k);
            }
            at += 1 + 64 * bytes;
        }
        return true;
    }

    private boolean restart(int from, int end) {
        restartInterval = end - from == 2 ? u16(from) : 0;
        return end - from == 2;
    }

    private boolean scan(int from, int end) {
        int count = components.size();
        if (count == 0 || count > MOST_COMPONENTS || end - from != 4 + 2 * count || u8(from) != count) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            int tables = u8(from + 2 + 2 * i);
            if (u8(from + 1 + 2 * i) != components.get(i).id() || tables > 0x33 || (tables & 15) > 3) {
                return false;
            }
            dcOf[i] = tables >> 4;
            acOf[i] = tables & 15;
        }
        scan = end;
        return u8(end - 3) == 0 && u8(end - 2) == 63 && u8(end - 1) == 0;
    }

    private boolean progressiveScan(int from, int end) {
        int count = end - from < 6 ? 0 : u8(from);
        if (count < 1 || count > MOST_COMPONENTS || end - from != 4 + 2 * count || !isUsual() || scans.size() == MOST_SCANS) {
            return false;
        }
        int first = u8(end - 3);
        int last = u8(end - 2);
        int high = u8(end - 1) >> 4;
        int low = u8(end - 1) & 15;
        List<Integer> found = new ArrayList<>();
        List<HuffmanTable> dcTables = new ArrayList<>();
        HuffmanTable acTable = null;
        for (int i = 0; i < count; i++) {
            int component = ids().indexOf(u8(from + 1 + 2 * i));
            int tables = u8(from + 2 + 2 * i);
            if (component < 0 || !found.isEmpty() && component <= found.get(found.size() - 1) || tables > 0x33 || (tables & 15) > 3
                    || first == 0 && high == 0 && dc[tables >> 4] == null || first > 0 && (ac[tables & 15] == null || count > 1)
                    || !missing.take(component, first, last, high, low)) {
                return false;
            }
            found.add(component);
            dcTables.add(dc[tables >> 4]);
            acTable = ac[tables & 15];
        }
        scans.add(new ProgressiveScan(found, first, last, high > 0, low, dcTables, acTable, restartInterval, end));
        return true;
    }

    private boolean jfif(int from, int end) {
        isJfif |= end - from >= 14 && startsWith(from, "JFIF\0");
        return true;
    }

    private boolean adobe(int from, int end) {
        if (end - from >= 12 && startsWith(from, "Adobe")) {
            adobeTransform = u8(from + 11);
        }
        return true;
    }

    private boolean startsWith(int at, String letters) {
        boolean starts = true;
        for (int i = 0; i < letters.length(); i++) {
            starts &= u8(at + i) == letters.charAt(i);
        }
        return starts;
    }

    private boolean isUsual() {
        if (width == 0 || height == 0 || !List.of(1, 3, 4).contains(components.size()) || ids().stream().distinct().count() < components.size()) {
            return false;
        }
        for (int i = 0; i < components.size(); i++) {
            Component component = components.get(i);
            boolean scaled = component.across() > 0 && component.down() > 0
                    && unitAcross() <= 4 && unitAcross() % component.across() == 0 && unitAcross() / component.across() != 3
                    && unitDown() <= 2 && unitDown() % component.down() == 0;
            boolean coded = missing != null || dc(i) != null && ac(i) != null;
            if (!scaled || component.quantization() > 3 || quantization(i) == null || !coded) {
                return false;
            }
        }
        return true;
    }

    private int u8(int at) {
        return file[at] & 0xff;
    }

    private int u16(int at) {
        return u8(at) << 8 | u8(at + 1);
    }
}
