package downstream.eval.encoder.operators;

import ai.onnx.proto.OnnxMl.TensorProto;
import downstream.eval.torch.ScriptType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the body of a script whose one parameter, {@code w}, lists its arguments. Arguments are
 * values of the graph by name, or constants that operators make.
 */
public final class ScriptWriter {
  /** Name of the parameter. */
  public static final String ARGUMENTS = "w";

  private final List<String> lines = new ArrayList<>();
  private final List<String> arguments = new ArrayList<>();
  private final Map<String, Integer> places = new HashMap<>();
  private final Map<String, TensorProto> made = new LinkedHashMap<>();
  private final Map<String, String> known = new HashMap<>();
  private final boolean roundedProducts;
  private int variables;

  /** Writes products in the type of their operands. */
  public ScriptWriter() {
    this(false);
  }

  /**
   * @param roundedProducts whether products of bfloat16 operands are computed in float32 and then
   *     rounded
   */
  public ScriptWriter(boolean roundedProducts) {
    this.roundedProducts = roundedProducts;
  }

  /** The type in which an operand of this type is multiplied. */
  ScriptType multiplied(ScriptType type) {
    return roundedProducts && type == ScriptType.BFLOAT16 ? ScriptType.FLOAT32 : type;
  }

  /** Computes an expression once and gives the variable that holds it. */
  public String let(String expression) {
    return known.computeIfAbsent(expression, this::assign);
  }

  /** Assigns an expression that must run each time it is written. */
  String assign(String expression) {
    String name = "v" + variables++;
    lines.add(name + " = " + expression);
    return name;
  }

  /** Runs an expression for its effect. */
  void run(String expression) {
    assign(expression);
  }

  /** The code of the graph's value of this name as an argument. */
  public String argument(String name) {
    int place =
        places.computeIfAbsent(
            name,
            missing -> {
              arguments.add(missing);
              return arguments.size() - 1;
            });
    return ARGUMENTS + "[" + place + "]";
  }

  /** The code of a constant that is not a value of the graph. */
  String constant(TensorProto tensor) {
    String name = "<made " + made.size() + ">";
    made.put(name, tensor);
    return argument(name);
  }

  /** The code of a bfloat16 value as float32. */
  public String widened(Value value) {
    return let(Code.to(value.code(), ScriptType.FLOAT32));
  }

  /** Names of the arguments in order: values of the graph, and keys of {@link #made}. */
  public List<String> arguments() {
    return arguments;
  }

  /** The constants that operators made, by the name of their argument. */
  public Map<String, TensorProto> made() {
    return made;
  }

  /** The statements. */
  public List<String> lines() {
    return lines;
  }
}
