/** Frozen encoders: features computed by ONNX Runtime and cached on disk. */
@NullMarked
package downstream.eval.encoder.frozen;

import org.jspecify.annotations.NullMarked;
