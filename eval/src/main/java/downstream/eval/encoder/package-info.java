/** An encoder: its ONNX graph, its spec, and the two engines that run it. */
@NullMarked
package downstream.eval.encoder;

import org.jspecify.annotations.NullMarked;
