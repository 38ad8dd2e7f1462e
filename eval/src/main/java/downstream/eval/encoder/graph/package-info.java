/** The ONNX graph: nodes, constants, which constants are weights, and how graphs are written. */
@NullMarked
package downstream.eval.encoder.graph;

import org.jspecify.annotations.NullMarked;
