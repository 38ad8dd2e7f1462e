package downstream.eval.encoder.operators;

import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.TensorProto;
import downstream.eval.BadInput;
import downstream.eval.torch.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of a node and the script that its code goes to.
 *
 * @param node the node
 * @param values one per input slot; null where the node leaves the input out
 * @param phase purpose of the run
 * @param precision gives the type of floating-point values
 * @param writer receives the code
 * @param arithmetic types that the operator computes in
 */
public record Operands(
    Node node,
    List<@Nullable Value> values,
    Phase phase,
    Precision precision,
    ScriptWriter writer,
    Arithmetic arithmetic) {

  /** Inputs in their own types. */
  public Operands(
      Node node,
      List<@Nullable Value> values,
      Phase phase,
      Precision precision,
      ScriptWriter writer) {
    this(node, values, phase, precision, writer, Arithmetic.SAME);
  }

  /** Returns the same inputs for an operator that computes in these types. */
  Operands computedAs(Arithmetic other) {
    return new Operands(node, values, phase, precision, writer, other);
  }

  /** Purpose of a run: Dropout and BatchNormalization behave accordingly. */
  public enum Phase {
    /** Inference without training; running statistics. */
    INFERENCE,
    /** Weights are trained; BatchNormalization keeps to its running statistics. */
    FROZEN_STATISTICS,
    /** Weights are trained; BatchNormalization uses the batch's statistics and updates its own. */
    BATCH_STATISTICS
  }

  /** Number of input slots. */
  public int count() {
    return values.size();
  }

  /** Tells whether the node has an input in this slot. */
  public boolean has(int slot) {
    return slot < values.size() && values.get(slot) != null;
  }

  /** Tells whether the input in this slot is a constant of the plan. */
  public boolean isConstant(int slot) {
    return has(slot) && value(slot).constant() != null;
  }

  /** Tells whether the node names its output in this place. */
  public boolean wants(int output) {
    return output < node.outputs().size() && !node.outputs().get(output).isEmpty();
  }

  /** The input in this slot. */
  public Value value(int slot) {
    Value value = slot < values.size() ? values.get(slot) : null;
    if (value == null) {
      throw new BadInput(node.toString(), "lacks input " + slot, "Export the encoder again");
    }
    return value;
  }

  /** The code of the input in this slot, in the type that its operator computes in. */
  String code(int slot) {
    Value value = value(slot);
    boolean multiplied = arithmetic == Arithmetic.PRODUCT && value.type().isFloating();
    return multiplied ? writer.operand(value.code()) : value.code();
  }

  /** The code of the input in this slot, or {@code None} where the node leaves it out. */
  String codeOrNone(int slot) {
    return has(slot) ? code(slot) : Code.NONE;
  }

  /** A literal for a constant number, otherwise the code of the input. */
  String codeOrNumber(int slot) {
    return isNumber(value(slot)) ? Code.number(numbers(slot)[0]) : code(slot);
  }

  /** Tells whether a value is one constant number that gives a result no axis. */
  private boolean isNumber(Value value) {
    int rank = value.shape().dimension();
    return value.constant() != null
        && value.type().isFloating()
        && value.shape().size() == 1
        && (rank == 0
            || values.stream()
                .anyMatch(
                    other ->
                        other != null
                            && other.constant() == null
                            && other.shape().dimension() >= rank));
  }

  /** The code of all inputs. */
  List<String> codes() {
    return IntStream.range(0, count()).mapToObj(this::code).toList();
  }

  /** The shape of the input in this slot. */
  public Shape shape(int slot) {
    return value(slot).shape();
  }

  int rank(int slot) {
    return shape(slot).dimension();
  }

  /** An attribute or constant axis of the first input, counted from the front. */
  int axis(long axis) {
    return axis(axis, rank(0));
  }

  /** The same node with another input: the one in this slot stretched to a shape. */
  public Operands stretched(int slot, Shape shape) {
    Value value = value(slot);
    String code = let(Code.call("expand", value.code(), shape.getShape()));
    return with(slot, Value.variable(code, shape, value.type()));
  }

  /** The same node with another input. */
  public Operands with(int slot, Value value) {
    List<@Nullable Value> changed = new ArrayList<>(values);
    changed.set(slot, value);
    return new Operands(node, changed, phase, precision, writer, arithmetic);
  }

  /** Computes an expression into a variable of the script. */
  String let(String expression) {
    return writer.let(expression);
  }

  /** A constant of float numbers that this operator makes. */
  String numbers(double[] values, long... shape) {
    return writer.constant(Tensors.of("made", values, shape));
  }

  /** A constant of integers that this operator makes. */
  String indices(long[] values) {
    return writer.constant(Tensors.of("made", values, values.length));
  }

  /**
   * The integers of a constant input: a shape, axes, indices.
   *
   * @throws BadInput if the value depends on the image or a weight
   */
  public long[] integers(int slot) {
    return Tensors.integers(constant(slot));
  }

  /** The integers of a constant input, or {@code otherwise} where the node leaves it out. */
  public long[] integers(int slot, long... otherwise) {
    return has(slot) ? integers(slot) : otherwise;
  }

  /** The numbers of a constant input. */
  public double[] numbers(int slot) {
    return Tensors.numbers(constant(slot));
  }

  /** The number in a constant input of one element, or {@code otherwise} where it is left out. */
  public double number(int slot, double otherwise) {
    return has(slot) ? numbers(slot)[0] : otherwise;
  }

  /**
   * Integers that older operator sets keep in an attribute and newer ones in an input, or {@code
   * otherwise} where they are left out.
   */
  public long[] integers(String attribute, int slot, long... otherwise) {
    return node.has(attribute) ? node.integers(attribute) : integers(slot, otherwise);
  }

  private TensorProto constant(int slot) {
    TensorProto constant = has(slot) ? value(slot).constant() : null;
    if (constant == null) {
      throw new BadInput(
          node.toString(),
          "computes input "
              + slot
              + " from the image or from a weight; training needs it as a constant in the file",
          "Export the encoder at a fixed image size with constant folding, so that this input is a"
              + " constant");
    }
    return constant;
  }

  /** Axis {@code axis} of a value of this rank, counted from the front. */
  public static int axis(long axis, int rank) {
    return Math.toIntExact(axis < 0 ? axis + rank : axis);
  }
}
