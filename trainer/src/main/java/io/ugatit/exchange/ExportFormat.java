package io.ugatit.exchange;

/** What a run's networks are written as. */
public enum ExportFormat {
    /** Tensors under the authors' keys, as PyTorch's modules load them. */
    SAFETENSORS,
    /** One generator with its arithmetic, for ONNX Runtime and others. */
    ONNX,
    /** A zip file of DL4J's ModelSerializer. */
    DL4J
}
