/** An encoder: its ONNX file, its spec, and the backbone that a head is trained on. */
@NullMarked
package downstream.eval.encoder;

import org.jspecify.annotations.NullMarked;
