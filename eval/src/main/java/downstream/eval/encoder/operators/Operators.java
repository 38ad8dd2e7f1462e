package downstream.eval.encoder.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.jni.JniUtils;
import downstream.eval.BadInput;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The table of ONNX operators that can be trained: one entry each, composed of what DJL's PyTorch
 * engine has. All of them work in float32 and float64, on any device, and leave their inputs alone.
 */
public final class Operators {
  private static final Map<String, Function<Operands, NDList>> TABLE =
      Map.ofEntries(
          // arithmetic
          one("Add", in -> in.array(0).add(in.array(1))),
          one("Sub", in -> in.array(0).sub(in.array(1))),
          one("Mul", in -> in.array(0).mul(in.array(1))),
          one("Div", in -> in.array(0).div(in.array(1))),
          one("Pow", Elementwise::power),
          one("Max", in -> Elementwise.fold(in, NDArray::maximum)),
          one("Min", in -> Elementwise.fold(in, NDArray::minimum)),
          one("Sum", in -> Elementwise.fold(in, NDArray::add)),
          one("Mean", Elementwise::mean),
          one("Clip", Elementwise::clip),
          one("Neg", in -> in.array(0).neg()),
          one("Abs", in -> in.array(0).abs()),
          one("Reciprocal", Elementwise::reciprocal),
          one("Sqrt", in -> in.array(0).sqrt()),
          one("Exp", in -> in.array(0).exp()),
          one("Log", in -> in.array(0).log()),
          one("Erf", in -> in.array(0).erf()),
          one("Sin", in -> in.array(0).sin()),
          one("Cos", in -> in.array(0).cos()),
          one("Tan", in -> in.array(0).tan()),
          one("Asin", in -> in.array(0).asin()),
          one("Acos", in -> in.array(0).acos()),
          one("Atan", in -> in.array(0).atan()),
          one("Sinh", in -> in.array(0).sinh()),
          one("Cosh", in -> in.array(0).cosh()),
          one("Floor", in -> in.array(0).floor()),
          one("Ceil", in -> in.array(0).ceil()),
          one("Round", in -> in.array(0).round()),
          one("Sign", in -> in.array(0).sign()),
          one("Greater", in -> in.array(0).gt(in.array(1))),
          one("GreaterOrEqual", in -> in.array(0).gte(in.array(1))),
          one("Less", in -> in.array(0).lt(in.array(1))),
          one("LessOrEqual", in -> in.array(0).lte(in.array(1))),
          one("Equal", in -> in.array(0).eq(in.array(1))),
          one("IsNaN", in -> in.array(0).isNaN()),
          one("Not", in -> in.array(0).logicalNot()),
          one("And", in -> in.array(0).logicalAnd(in.array(1))),
          one("Or", in -> in.array(0).logicalOr(in.array(1))),
          one("Where", Elementwise::where),
          one("Cast", Elementwise::cast),
          one("CastLike", Elementwise::castLike),
          one("Identity", in -> Torch.alias(in.array(0))),
          Map.entry("Dropout", Elementwise::dropout),
          // activations
          one("Relu", in -> in.array(0).getNDArrayInternal().relu()),
          one("Sigmoid", in -> in.array(0).getNDArrayInternal().sigmoid()),
          one("Tanh", in -> in.array(0).tanh()),
          one("Softplus", in -> JniUtils.softPlus(Torch.of(in.array(0)))),
          one("Softsign", in -> JniUtils.softSign(Torch.of(in.array(0)))),
          one("Gelu", Activations::gelu),
          one("LeakyRelu", Activations::leakyRelu),
          one("PRelu", Activations::prelu),
          one("Elu", Activations::elu),
          one("Selu", Activations::selu),
          one("Celu", Activations::celu),
          one("HardSigmoid", Activations::hardSigmoid),
          one("HardSwish", Activations::hardSwish),
          one("Mish", Activations::mish),
          one("ThresholdedRelu", Activations::thresholdedRelu),
          one("Shrink", Activations::shrink),
          one("Softmax", Activations::softmax),
          one("LogSoftmax", Activations::logSoftmax),
          // products, convolutions, pools
          one("MatMul", Products::matrix),
          one("Gemm", Products::general),
          one("Einsum", Einsum::apply),
          one("Conv", Convolutions::convolution),
          one("ConvTranspose", TransposedConvolution::apply),
          one("MaxPool", Pooling::max),
          one("AveragePool", Pooling::average),
          one("GlobalMaxPool", Pooling::globalMax),
          one("GlobalAveragePool", Pooling::globalAverage),
          // norms
          Map.entry("BatchNormalization", Norms::batch),
          Map.entry("LayerNormalization", Norms::layer),
          one("GroupNormalization", Norms::group),
          one("InstanceNormalization", Norms::instance),
          one("LpNormalization", Norms::vector),
          one("LRN", Norms::neighbours),
          one("MeanVarianceNormalization", Norms::meanVariance),
          // reductions
          one("ReduceSum", Reductions::sum),
          one("ReduceMean", Reductions::mean),
          one("ReduceMax", Reductions::max),
          one("ReduceMin", Reductions::min),
          one("ReduceProd", Reductions::product),
          one("ReduceL1", Reductions::norm1),
          one("ReduceL2", Reductions::norm2),
          one("ReduceSumSquare", Reductions::sumSquare),
          one("ReduceLogSum", Reductions::logSum),
          one("ReduceLogSumExp", Reductions::logSumExp),
          one("CumSum", IndexingOperators::cumulativeSum),
          // shapes
          one("Reshape", Shapes::reshape),
          one("Flatten", Shapes::flatten),
          one("Transpose", Shapes::transpose),
          one("Squeeze", Shapes::squeeze),
          one("Unsqueeze", Shapes::unsqueeze),
          one("Expand", Shapes::expand),
          one("Tile", Shapes::tile),
          one("DepthToSpace", Shapes::depthToSpace),
          one("SpaceToDepth", Shapes::spaceToDepth),
          // selections
          one("Concat", IndexingOperators::concat),
          Map.entry("Split", IndexingOperators::split),
          one("Slice", IndexingOperators::slice),
          one("Gather", IndexingOperators::gather),
          one("GatherElements", IndexingOperators::gatherElements),
          one("Pad", IndexingOperators::pad),
          one("Trilu", IndexingOperators::triangle),
          one("Resize", Resample::apply),
          one("Upsample", Resample::apply));

  private Operators() {}

  /** The operators' names in alphabetical order. */
  public static Set<String> names() {
    return new TreeSet<>(TABLE.keySet());
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

  /**
   * Runs one node; the outputs are new arrays, in the node's order. Whatever else an operator makes
   * is closed here; autograd keeps what it needs of it.
   */
  public static NDList apply(Operands operands) {
    Function<Operands, NDList> operator = TABLE.get(operands.node().operator());
    if (operator == null) {
      throw new IllegalStateException("operator was not checked: " + operands.node().operator());
    }
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDList outputs = operator.apply(operands);
      NDScope.unregister(outputs);
      return outputs;
    }
  }

  private static Map.Entry<String, Function<Operands, NDList>> one(
      String name, Function<Operands, NDArray> operator) {
    return Map.entry(name, in -> new NDList(operator.apply(in)));
  }
}
