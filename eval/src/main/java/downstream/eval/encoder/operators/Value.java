package downstream.eval.encoder.operators;

import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.TensorProto;
import downstream.eval.torch.ScriptType;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value of a graph as a script sees it.
 *
 * @param text gives its code: a variable or an element of the script's arguments; a constant
 *     becomes an argument when its code is first asked for
 * @param shape its shape
 * @param type its element type inside the script
 * @param constant its values if it depends on neither the image nor a weight, otherwise null
 */
public record Value(
    Supplier<String> text, Shape shape, ScriptType type, @Nullable TensorProto constant) {

  /** A value that a variable of the script holds. */
  public static Value variable(String code, Shape shape, ScriptType type) {
    return new Value(() -> code, shape, type, null);
  }

  /** Returns the code that reads it. */
  public String code() {
    return text.get();
  }
}
