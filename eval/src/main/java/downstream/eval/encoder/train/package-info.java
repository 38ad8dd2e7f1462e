/** The training engine: runs an ONNX graph with gradients, one plan per input shape. */
@NullMarked
package downstream.eval.encoder.train;

import org.jspecify.annotations.NullMarked;
