package downstream.eval.encoder.operators;

import static downstream.eval.encoder.operators.Arithmetic.FLAGS;
import static downstream.eval.encoder.operators.Arithmetic.PRODUCT;
import static downstream.eval.encoder.operators.Arithmetic.PROMOTED;
import static downstream.eval.encoder.operators.Arithmetic.SAME;

import downstream.eval.BadInput;
import downstream.eval.torch.ScriptType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The table of ONNX operators that can be trained: one entry each, which writes the operator in
 * TorchScript. All of them work on any device, and leave their inputs alone but for the running
 * statistics of BatchNormalization.
 */
public final class Operators {
  /** Name of the operator that {@code AttentionFusion} puts in the place of several nodes. */
  public static final String ATTENTION = "downstream.Attention";

  private static final Map<String, Operator> TABLE = table();

  /**
   * @param code writes it
   */
  private record Operator(Arithmetic arithmetic, Function<Operands, List<Result>> code) {}

  private Operators() {}

  private static Map<String, Operator> table() {
    Map<String, Operator> table = new HashMap<>();
    arithmetic(table);
    activations(table);
    products(table);
    reductions(table);
    shapes(table);
    return Map.copyOf(table);
  }

  private static void arithmetic(Map<String, Operator> table) {
    one(table, "Add", PROMOTED, in -> Elementwise.commutative(in, "add"));
    one(table, "Sub", PROMOTED, in -> Elementwise.binary(in, "sub"));
    one(table, "Mul", PROMOTED, in -> Elementwise.commutative(in, "mul"));
    one(table, "Div", PROMOTED, in -> Elementwise.binary(in, "div"));
    one(table, "Pow", SAME, Elementwise::power);
    one(table, "Max", PROMOTED, in -> Elementwise.fold(in, "maximum"));
    one(table, "Min", PROMOTED, in -> Elementwise.fold(in, "minimum"));
    one(table, "Sum", PROMOTED, in -> Elementwise.fold(in, "add"));
    one(table, "Mean", SAME, Elementwise::mean);
    one(table, "Clip", SAME, Elementwise::clip);
    unary(table, SAME, "Neg", "Abs", "Floor", "Ceil", "Round", "Sign");
    unary(table, SAME, "Reciprocal", "Sqrt", "Exp", "Log", "Erf", "Sin", "Cos", "Tan");
    unary(table, SAME, "Asin", "Acos", "Atan", "Sinh", "Cosh");
    one(table, "Greater", FLAGS, in -> Elementwise.binary(in, "gt"));
    one(table, "GreaterOrEqual", FLAGS, in -> Elementwise.binary(in, "ge"));
    one(table, "Less", FLAGS, in -> Elementwise.binary(in, "lt"));
    one(table, "LessOrEqual", FLAGS, in -> Elementwise.binary(in, "le"));
    one(table, "Equal", FLAGS, in -> Elementwise.binary(in, "eq"));
    unary(table, FLAGS, "IsNaN");
    one(table, "Not", FLAGS, in -> Code.call("logical_not", in.code(0)));
    one(table, "And", FLAGS, in -> Code.call("logical_and", in.code(0), in.code(1)));
    one(table, "Or", FLAGS, in -> Code.call("logical_or", in.code(0), in.code(1)));
    several(table, "Where", PROMOTED, Elementwise::where);
    several(table, "Cast", SAME, Elementwise::cast);
    several(table, "CastLike", SAME, Elementwise::castLike);
    one(table, "Identity", SAME, in -> in.code(0));
    several(table, "Dropout", SAME, Elementwise::dropout);
  }

  private static void activations(Map<String, Operator> table) {
    unary(table, SAME, "Relu", "Sigmoid", "Tanh", "Softplus", "Mish", "HardSwish");
    one(table, "Softsign", SAME, Activations::softsign);
    one(table, "Gelu", SAME, Activations::gelu);
    one(table, "LeakyRelu", SAME, Activations::leakyRelu);
    one(table, "PRelu", SAME, Activations::prelu);
    one(table, "Elu", SAME, Activations::elu);
    one(table, "Selu", SAME, Activations::selu);
    one(table, "Celu", SAME, Activations::celu);
    one(table, "HardSigmoid", SAME, Activations::hardSigmoid);
    one(table, "ThresholdedRelu", SAME, Activations::thresholdedRelu);
    one(table, "Shrink", SAME, Activations::shrink);
    one(table, "Softmax", SAME, in -> Activations.alongAxis(in, "softmax"));
    one(table, "LogSoftmax", SAME, in -> Activations.alongAxis(in, "log_softmax"));
  }

  private static void products(Map<String, Operator> table) {
    one(table, "MatMul", PRODUCT, Products::matrix);
    one(table, "Gemm", PRODUCT, Products::general);
    one(table, "Einsum", PRODUCT, Products::einsum);
    one(table, ATTENTION, PRODUCT, Products::attention);
    one(table, "Conv", PRODUCT, Convolutions::convolution);
    one(table, "ConvTranspose", PRODUCT, Convolutions::transposed);
    one(table, "MaxPool", SAME, Pooling::max);
    one(table, "AveragePool", SAME, Pooling::average);
    one(table, "GlobalMaxPool", SAME, in -> Pooling.global(in, "amax"));
    one(table, "GlobalAveragePool", SAME, in -> Pooling.global(in, "mean"));
    several(table, "BatchNormalization", SAME, Norms::batch);
    several(table, "LayerNormalization", SAME, Norms::layer);
    one(table, "GroupNormalization", SAME, Norms::group);
    one(table, "InstanceNormalization", SAME, Norms::instance);
    one(table, "LpNormalization", SAME, Norms::vector);
    one(table, "LRN", SAME, Norms::neighbours);
    one(table, "MeanVarianceNormalization", SAME, Norms::meanVariance);
  }

  private static void reductions(Map<String, Operator> table) {
    one(table, "ReduceSum", SAME, in -> Reductions.apply(in, "sum"));
    one(table, "ReduceMean", SAME, in -> Reductions.apply(in, "mean"));
    one(table, "ReduceMax", SAME, in -> Reductions.apply(in, "amax"));
    one(table, "ReduceMin", SAME, in -> Reductions.apply(in, "amin"));
    one(table, "ReduceProd", SAME, Reductions::product);
    one(table, "ReduceL1", SAME, in -> Reductions.norm(in, 1));
    one(table, "ReduceL2", SAME, in -> Reductions.norm(in, 2));
    one(table, "ReduceSumSquare", SAME, Reductions::sumSquare);
    one(table, "ReduceLogSum", SAME, Reductions::logSum);
    one(table, "ReduceLogSumExp", SAME, in -> Reductions.apply(in, "logsumexp"));
    one(table, "CumSum", SAME, IndexingOperators::cumulativeSum);
  }

  private static void shapes(Map<String, Operator> table) {
    one(table, "Reshape", SAME, Shapes::reshape);
    one(table, "Flatten", SAME, Shapes::flatten);
    one(table, "Transpose", SAME, Shapes::transpose);
    one(table, "Squeeze", SAME, Shapes::squeeze);
    one(table, "Unsqueeze", SAME, Shapes::unsqueeze);
    one(table, "Expand", SAME, Shapes::expand);
    one(table, "Tile", SAME, Shapes::tile);
    one(table, "DepthToSpace", SAME, Shapes::depthToSpace);
    one(table, "SpaceToDepth", SAME, Shapes::spaceToDepth);
    several(table, "Concat", SAME, IndexingOperators::concat);
    several(table, "Split", SAME, IndexingOperators::split);
    one(table, "Slice", SAME, IndexingOperators::slice);
    one(table, "Gather", SAME, IndexingOperators::gather);
    one(table, "GatherElements", SAME, IndexingOperators::gatherElements);
    one(table, "Pad", SAME, IndexingOperators::pad);
    one(table, "Trilu", SAME, IndexingOperators::triangle);
    one(table, "Resize", SAME, Resample::apply);
    one(table, "Upsample", SAME, Resample::apply);
  }

  private static void several(
      Map<String, Operator> table,
      String name,
      Arithmetic arithmetic,
      Function<Operands, List<Result>> code) {
    table.put(name, new Operator(arithmetic, code));
  }

  private static void one(
      Map<String, Operator> table,
      String name,
      Arithmetic arithmetic,
      Function<Operands, String> code) {
    several(table, name, arithmetic, in -> List.of(Result.of(code.apply(in))));
  }

  /** Operators of one input that PyTorch has under the same name in lower case. */
  private static void unary(Map<String, Operator> table, Arithmetic arithmetic, String... names) {
    for (String name : names) {
      String function = name.toLowerCase(Locale.ROOT);
      one(table, name, arithmetic, in -> Code.call(function, in.code(0)));
    }
  }

  /** The operators' names in alphabetical order. */
  public static Set<String> names() {
    Set<String> names = new TreeSet<>(TABLE.keySet());
    names.remove(ATTENTION);
    return names;
  }

  /**
   * Refuses a graph with operators that cannot be trained.
   *
   * @param nodes the nodes that depend on the image or a weight
   * @throws BadInput naming all of them at once
   */
  public static void check(String encoder, Collection<Node> nodes) {
    Set<String> missing = new TreeSet<>();
    nodes.stream()
        .map(Node::operator)
        .filter(operator -> !TABLE.containsKey(operator))
        .forEach(missing::add);
    if (!missing.isEmpty()) {
      throw new BadInput(
          encoder,
          "uses operators that cannot be trained: " + missing,
          "Export the encoder without them; supported: " + names());
    }
  }

  /** One output of a node: a variable of the script and the type of its elements. */
  public record Output(String variable, ScriptType type) {}

  /**
   * Writes the code of one node.
   *
   * @return the node's outputs in order
   */
  public static List<Output> write(Operands in) {
    Operator operator = operator(in.node().operator());
    Arithmetic arithmetic = operator.arithmetic();
    ScriptType type = arithmetic.result(in.values());
    List<Output> outputs = new ArrayList<>();
    for (Result result : operator.code().apply(in.computedAs(arithmetic))) {
      String code = result.code();
      String whole = arithmetic == PRODUCT ? in.writer().result(code) : code;
      outputs.add(new Output(in.let(whole), result.type().orElse(type)));
    }
    return outputs;
  }

  private static Operator operator(String name) {
    Operator operator = TABLE.get(name);
    if (operator == null) {
      throw new IllegalStateException("operator was not checked: " + name);
    }
    return operator;
  }
}
