package io.ugatit.weights.torch;

import io.ugatit.job.InvalidRequestException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A tensor as PyTorch keeps it: a view of a storage. Whoever holds one may rely on it that its elements are inside the storage and are
 * all different ones.
 *
 * @param storage what it is a view of
 * @param offset the first element
 * @param shape the dimensions, at most 32, each at least 0
 * @param strides how many elements of the storage lie between neighbours along each dimension, at least 0
 */
record StridedTensor(TorchStorage storage, long offset, long[] shape, long[] strides) {
    /** ND4J's own limit. */
    private static final int MAX_RANK = 32;

    /** @throws InvalidRequestException if it reaches beyond the storage or its elements overlap; the message begins with the reason */
    StridedTensor {
        if (shape.length != strides.length || shape.length > MAX_RANK) {
            throw new InvalidRequestException("has " + shape.length + " dimensions and " + strides.length + " strides, expected as many, at most "
                    + MAX_RANK);
        }
        if (offset < 0 || LongStream.of(shape).anyMatch(size -> size < 0) || LongStream.of(strides).anyMatch(stride -> stride < 0)) {
            throw new InvalidRequestException("has a negative size, stride or offset");
        }
        if (product(1, shape) > 0) {
            requireInside(storage, offset, shape, strides);
        } else {
            product(Long.BYTES, shape); // of no elements, whose bytes are counted all the same
        }
    }

    private static long product(long first, long[] shape) {
        try {
            return LongStream.of(shape).reduce(first, Math::multiplyExact);
        } catch (ArithmeticException e) {
            throw new InvalidRequestException("has a size that overflows 64 bits", e);
        }
    }

    private static void requireInside(TorchStorage storage, long offset, long[] shape, long[] strides) {
        long reach = 1;
        for (int dimension : ascending(shape, strides)) {
            if (strides[dimension] < reach) {
                throw new InvalidRequestException("has elements that share memory, as expand() makes them: save its contiguous()");
            }
            long steps = shape[dimension] - 1;
            if (steps > (storage.elements() - reach) / strides[dimension]) {
                throw beyond(storage);
            }
            reach += steps * strides[dimension];
        }
        if (offset > storage.elements() - reach) {
            throw beyond(storage);
        }
    }

    private static InvalidRequestException beyond(TorchStorage storage) {
        return new InvalidRequestException("reaches beyond its storage of " + storage.elements() + " elements");
    }

    /** The dimensions along which there is more than one element, the one whose neighbours are nearest first. */
    private static List<Integer> ascending(long[] shape, long[] strides) {
        return IntStream.range(0, shape.length).filter(i -> shape[i] > 1).boxed()
                .sorted(Comparator.<Integer>comparingLong(i -> strides[i]).thenComparing(Comparator.<Integer>reverseOrder())).toList();
    }

    /** Whether the elements lie one after the other in 'c' order. */
    boolean contiguous() {
        long expected = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            if (shape[i] != 1 && strides[i] != expected) {
                return false;
            }
            expected *= shape[i];
        }
        return true;
    }

    /** The dimensions along which there is more than one element, in the order in which the storage is read from front to back. */
    int[] outermostFirst() {
        List<Integer> ascending = ascending(shape, strides);
        return IntStream.range(0, ascending.size()).map(i -> ascending.get(ascending.size() - 1 - i)).toArray();
    }
}
