package io.ugatit.image;

import static io.ugatit.image.metadata.Blocks.isAt;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The image formats that are known but cannot be decoded: their files are images all the same, and are refused with what to do. */
enum UndecodedFormat {
    /** Before HEIC: its files may name HEIC's container as a second brand. */
    AVIF("AVIF", "avif", "avifs") {
        @Override
        boolean matches(byte[] head, String extension) {
            return hasBrand(head, "avif", "avis");
        }
    },
    HEIC("HEIC", "heic", "heif", "hif", "heics", "heifs") {
        @Override
        boolean matches(byte[] head, String extension) {
            return hasBrand(head, "heic", "heix", "hevc", "hevx", "heim", "heis", "hevm", "hevs", "mif1", "msf1");
        }
    },
    JPEG_XL("JPEG XL", "jxl") {
        @Override
        boolean matches(byte[] head, String extension) {
            return isAt(head, 0, "\0\0\0\14JXL \r\n\u0087\n") || (isAt(head, 0, "\u00ff\n") && named(extension));
        }
    },
    JPEG_2000("JPEG 2000", "jp2", "j2k", "jpf", "jpx", "jpm", "j2c", "jpc") {
        @Override
        boolean matches(byte[] head, String extension) {
            return isAt(head, 0, "\0\0\0\14jP  \r\n\u0087\n") || isAt(head, 0, "\u00ff\u004f\u00ff\u0051");
        }
    },
    JPEG_XR("JPEG XR", "jxr", "wdp", "hdp") {
        @Override
        boolean matches(byte[] head, String extension) {
            return isAt(head, 0, "II\u00bc\1");
        }
    },
    PNM("PNM (PBM, PGM, PPM)", "ppm", "pgm", "pbm", "pnm", "pam", "pfm") {
        @Override
        boolean matches(byte[] head, String extension) {
            return NETPBM.matcher(latin1(head)).lookingAt();
        }
    },
    PSD("Photoshop", "psd", "psb") {
        @Override
        boolean matches(byte[] head, String extension) {
            return isAt(head, 0, "8BPS\0");
        }
    },
    CAMERA_RAW("camera raw", "cr2", "cr3", "crw", "nef", "nrw", "dng", "arw", "srf", "sr2", "orf", "rw2", "raf", "pef", "srw", "3fr", "iiq",
            "erf", "mef", "mrw", "rwl", "x3f", "kdc", "dcr") {
        @Override
        boolean matches(byte[] head, String extension) {
            boolean tiff = isAt(head, 0, "II*\0") || isAt(head, 0, "MM\0*");
            return (tiff && (isAt(head, 8, "CR\2") || named(extension)))
                    || isAt(head, 0, "IIRO") || isAt(head, 0, "IIRS") || isAt(head, 0, "MMOR") // Olympus
                    || isAt(head, 0, "IIU\0") // Panasonic
                    || isAt(head, 0, "FUJIFILMCCD-RAW")
                    || isAt(head, 0, "\0MRM") // Minolta
                    || isAt(head, 0, "FOVb") // Sigma
                    || isAt(head, 6, "HEAPCCDR") // Canon's CRW
                    || hasBrand(head, "crx ");
        }
    },
    SVG("SVG", "svg", "svgz") {
        @Override
        boolean matches(byte[] head, String extension) {
            String text = latin1(head);
            return text.startsWith("<svg") || (named(extension) && (text.stripLeading().startsWith("<")
                    || text.startsWith("\u00ef\u00bb\u00bf<") || text.startsWith("\u001f\u008b")));
        }
    },
    ICO("ICO", "ico", "cur") {
        @Override
        boolean matches(byte[] head, String extension) {
            // an icon or cursor of fewer than 256 pictures; of the first a reserved zero and, of an icon, at most one plane
            boolean icon = isAt(head, 0, "\0\0\1\0");
            return head.length >= 22 && (icon || isAt(head, 0, "\0\0\2\0")) && head[4] != 0 && head[5] == 0 && head[9] == 0
                    && (icon ? (head[10] & ~1) == 0 && head[11] == 0 : named(extension));
        }
    },
    TGA("TGA", "tga", "icb", "vda", "vst") {
        @Override
        boolean matches(byte[] head, String extension) {
            // it has no magic: whether it has a palette, which kind of pixels, and how many bits each
            return head.length >= 18 && named(extension) && head[1] >= 0 && head[1] <= 1
                    && List.of(1, 2, 3, 9, 10, 11).contains((int) head[2]) && List.of(8, 15, 16, 24, 32).contains((int) head[16]);
        }
    },
    OPEN_EXR("OpenEXR", "exr") {
        @Override
        boolean matches(byte[] head, String extension) {
            return isAt(head, 0, "v/1\1");
        }
    },
    RADIANCE("Radiance HDR", "hdr", "rgbe") {
        @Override
        boolean matches(byte[] head, String extension) {
            return isAt(head, 0, "#?RADIANCE") || isAt(head, 0, "#?RGBE");
        }
    },
    DDS("DDS", "dds") {
        @Override
        boolean matches(byte[] head, String extension) {
            return isAt(head, 0, "DDS |\0\0\0");
        }
    };

    /** P and a digit begin many a text: the width or a comment must follow; a map of floats is the same without comments. */
    private static final Pattern NETPBM = Pattern.compile("P[1-6]\\s+(#|\\d+\\s)|P7\\nWIDTH |P[Ff]\\n\\d+ ");

    private final String label;
    private final List<String> extensions;

    UndecodedFormat(String label, String... extensions) {
        this.label = label;
        this.extensions = List.of(extensions);
    }

    /**
     * The format of a file.
     *
     * @param head the file, or its first {@link ImageFormat#MAGIC_LENGTH} bytes
     * @param name its name, which tells where the first bytes alone do not; what the bytes contradict it does not tell
     * @return the format, or nothing if it is none of these
     */
    static Optional<UndecodedFormat> of(byte[] head, String name) {
        String extension = ImageFormat.extension(name);
        return Arrays.stream(values()).filter(format -> format.matches(head, extension)).findFirst();
    }

    /** Whether a file's name ends like that of one of these formats. */
    static boolean hasExtension(String name) {
        String extension = ImageFormat.extension(name);
        return Arrays.stream(values()).anyMatch(format -> format.extensions.contains(extension));
    }

    /** Why a file of this format is refused and what to do, in one line. */
    String advice() {
        return label + " images cannot be decoded: convert them to JPEG, PNG or WebP, for example with "
                + (this == HEIC ? "heif-convert or " : "") + "magick mogrify -format png *." + extensions.get(0);
    }

    /** Whether these are the first bytes of such a file; where they alone do not tell, whether its name says so as well. */
    abstract boolean matches(byte[] head, String extension);

    final boolean named(String extension) {
        return extensions.contains(extension);
    }

    /** Whether an ISO media file's main brand, or for a container's brand that several formats share one of the others, is one of these. */
    private static boolean hasBrand(byte[] head, String... brands) {
        if (!isAt(head, 4, "ftyp")) {
            return false;
        }
        List<String> wanted = List.of(brands);
        String text = latin1(head);
        int end = Math.min(text.length(), (head[2] & 0xff) << 8 | head[3] & 0xff);
        String main = text.substring(8, Math.min(text.length(), 12));
        if (wanted.contains(main)) {
            return true;
        }
        boolean shared = main.equals("mif1") || main.equals("msf1");
        for (int at = 16; shared && at + 4 <= end; at += 4) {
            if (wanted.contains(text.substring(at, at + 4))) {
                return true;
            }
        }
        return false;
    }

    private static String latin1(byte[] head) {
        return new String(head, 0, Math.min(head.length, ImageFormat.MAGIC_LENGTH), StandardCharsets.ISO_8859_1);
    }
}
