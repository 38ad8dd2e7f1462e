/** What one node of an ONNX graph does, in operators that autograd can follow. */
@NullMarked
package downstream.eval.encoder.operators;

import org.jspecify.annotations.NullMarked;
