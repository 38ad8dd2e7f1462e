/** Architectures that this project writes as ONNX graphs: Vision Transformer and ResNet. */
@NullMarked
package downstream.eval.encoder.build;

import org.jspecify.annotations.NullMarked;
