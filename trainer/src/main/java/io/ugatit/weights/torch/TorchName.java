package io.ugatit.weights.torch;

import io.ugatit.safetensors.DType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The names of Python that a file of tensors needs. A pickle may name anything; what is not here is refused. */
enum TorchName {
    ORDERED_DICT("collections.OrderedDict"),
    REBUILD_TENSOR("torch._utils._rebuild_tensor_v2"),
    REBUILD_PARAMETER("torch._utils._rebuild_parameter"),
    DOUBLE_STORAGE("torch.DoubleStorage", DType.F64),
    FLOAT_STORAGE("torch.FloatStorage", DType.F32),
    HALF_STORAGE("torch.HalfStorage", DType.F16),
    BFLOAT16_STORAGE("torch.BFloat16Storage", DType.BF16),
    LONG_STORAGE("torch.LongStorage", DType.I64),
    INT_STORAGE("torch.IntStorage", DType.I32),
    SHORT_STORAGE("torch.ShortStorage", DType.I16),
    CHAR_STORAGE("torch.CharStorage", DType.I8),
    BYTE_STORAGE("torch.ByteStorage", DType.U8),
    BOOL_STORAGE("torch.BoolStorage", DType.BOOL);

    private static final Map<String, TorchName> BY_NAME = new HashMap<>();

    static {
        for (TorchName name : values()) {
            BY_NAME.put(name.qualified, name);
        }
    }

    private final String qualified;
    private final DType elements;

    TorchName(String qualified) {
        this(qualified, null);
    }

    TorchName(String qualified, DType elements) {
        this.qualified = qualified;
        this.elements = elements;
    }

    static Optional<TorchName> of(String qualified) {
        return Optional.ofNullable(BY_NAME.get(qualified));
    }

    /** What a storage holds; empty for what is no storage. */
    Optional<DType> elements() {
        return Optional.ofNullable(elements);
    }
}
