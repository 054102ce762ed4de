package io.ugatit.weights.torch;

import static io.ugatit.job.Untrusted.quoted;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.safetensors.DType;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the names of a pickle stand for, and what calling them makes. */
final class TorchObjects {
    /** @throws InvalidRequestException if it is none of {@link TorchName} */
    TorchName named(String module, String name) {
        String qualified = module + "." + name;
        return TorchName.of(qualified).orElseThrow(() -> new InvalidRequestException("the pickle needs Python's " + quoted(qualified)
                + ", and only tensors in dictionaries are read: save state_dict()s alone, of PyTorch's own tensors"));
    }

    /** A tensor or an empty dictionary. */
    Object call(Object function, Object arguments) {
        if (function instanceof TorchName name && arguments instanceof Object[] values) {
            switch (name) {
                case ORDERED_DICT -> {
                    if (values.length == 0) {
                        return new LinkedHashMap<Object, Object>();
                    }
                }
                case REBUILD_TENSOR -> {
                    if (values.length >= 4 && values[0] instanceof TorchStorage storage && values[1] instanceof Long offset
                            && values[2] instanceof Object[] shape && values[3] instanceof Object[] strides) {
                        requirePlain(values);
                        return new StridedTensor(storage, offset, numbers(shape), numbers(strides));
                    }
                }
                case REBUILD_PARAMETER -> {
                    if (values.length >= 1 && values[0] instanceof StridedTensor tensor) {
                        return tensor;
                    }
                }
                default -> { }
            }
        }
        throw new InvalidRequestException("the pickle makes an object in a way that tensors and dictionaries are not made in");
    }

    /** PyTorch says beside the numbers if they are to be negated or conjugated. */
    private static void requirePlain(Object[] values) {
        if (values.length > 6 && !(values[6] instanceof Map<?, ?> metadata && metadata.isEmpty())) {
            throw new InvalidRequestException("the pickle has a tensor that is a negated or conjugated view: save its clone()");
        }
    }

    /** A storage: the pickle's tuple of the word storage, type, key, device and number of elements. */
    TorchStorage persistent(Object id) {
        if (id instanceof Object[] values && values.length == 5 && "storage".equals(values[0]) && values[1] instanceof TorchName name
                && name.elements().isPresent() && values[2] instanceof String key && values[4] instanceof Long elements && elements >= 0) {
            DType type = name.elements().get();
            return new TorchStorage(key, type, elements);
        }
        throw new InvalidRequestException("the pickle refers to something outside it that is no storage of numbers");
    }

    private static long[] numbers(Object[] values) {
        long[] numbers = new long[values.length];
        for (int i = 0; i < numbers.length; i++) {
            if (!(values[i] instanceof Long number)) {
                throw new InvalidRequestException("the pickle has a size or stride that is no whole number");
            }
            numbers[i] = number;
        }
        return numbers;
    }
}
