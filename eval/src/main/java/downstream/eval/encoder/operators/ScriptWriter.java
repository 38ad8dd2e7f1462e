package downstream.eval.encoder.operators;

import ai.onnx.proto.OnnxMl.TensorProto;
import downstream.eval.torch.Bfloat16;
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
  private final Products products;
  private int variables;

  /** Computation of products of float32 values. */
  public enum Products {
    /** Products in the type of the operands. */
    PLAIN,
    /** Products of bfloat16 operands. */
    BFLOAT16,
    /** Products of float32 operands that are rounded to bfloat16. */
    ROUNDED
  }

  /** Writes products in this way. */
  public ScriptWriter(Products products) {
    this.products = products;
  }

  /** Tells whether operands of products are bfloat16 arrays. */
  boolean multipliesBfloat16() {
    return products == Products.BFLOAT16;
  }

  /** The code of a floating-point operand of a product. */
  String operand(String code) {
    return products == Products.PLAIN ? code : let(Bfloat16.operand(code, multipliesBfloat16()));
  }

  /** The code of a product's result as other operators take it. */
  String result(String code) {
    return products == Products.PLAIN ? code : Bfloat16.result(code);
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

  /** Tells whether a statement draws random numbers. */
  public boolean drawsAtRandom() {
    return lines.stream().anyMatch(line -> line.contains("torch.dropout("));
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
