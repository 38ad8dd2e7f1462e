/** ONNX operators as differentiable operations of the training engine, one node at a time. */
@NullMarked
package downstream.eval.encoder.operators;

import org.jspecify.annotations.NullMarked;
