/** ONNX Runtime: runs an encoder or part of its graph without gradients. */
@NullMarked
package downstream.eval.encoder.runtime;

import org.jspecify.annotations.NullMarked;
