package io.ugatit.tensor;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Where things are in the planes of an array (N,C,H,W).
 *
 * @param planes N*C
 * @param height of the interior
 * @param width of the interior
 * @param padding pixels of border on each side
 */
record PlaneShape(int planes, int height, int width, int padding) {

    static PlaneShape of(INDArray array, int padding) {
        return new PlaneShape(Math.toIntExact(array.size(0) * array.size(1)), (int) array.size(2) - 2 * padding,
                (int) array.size(3) - 2 * padding, padding);
    }

    /** Elements of a plane with its border. */
    int length() {
        return (height + 2 * padding) * stride();
    }

    private int stride() {
        return width + 2 * padding;
    }

    /** Where a row of the interior begins. */
    int row(int i) {
        return (i + padding) * stride() + padding;
    }

    /** Fills the border from the interior, without repeating the edge. */
    void reflect(float[] plane) {
        if (padding == 0) {
            return;
        }
        for (int i = 0; i < height; i++) {
            int left = row(i);
            int right = left + width - 1;
            for (int d = 1; d <= padding; d++) {
                plane[left - d] = plane[left + d];
                plane[right + d] = plane[right - d];
            }
        }
        for (int d = 1; d <= padding; d++) {
            copyRow(plane, d, -d);
            copyRow(plane, height - 1 - d, height - 1 + d);
        }
    }

    private void copyRow(float[] plane, int from, int to) {
        System.arraycopy(plane, row(from) - padding, plane, row(to) - padding, stride());
    }

    /** Adds the border to the pixels of the interior that it reflects. */
    void fold(float[] plane) {
        if (padding == 0) {
            return;
        }
        for (int d = 1; d <= padding; d++) {
            addRow(plane, -d, d);
            addRow(plane, height - 1 + d, height - 1 - d);
        }
        for (int i = 0; i < height; i++) {
            int left = row(i);
            int right = left + width - 1;
            for (int d = 1; d <= padding; d++) {
                plane[left + d] += plane[left - d];
                plane[right - d] += plane[right + d];
            }
        }
    }

    private void addRow(float[] plane, int from, int to) {
        int source = row(from) - padding;
        int target = row(to) - padding;
        for (int j = 0; j < stride(); j++) {
            plane[target + j] += plane[source + j];
        }
    }
}
