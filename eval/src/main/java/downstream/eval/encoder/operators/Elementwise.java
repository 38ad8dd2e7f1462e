package downstream.eval.encoder.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.jni.JniUtils;
import ai.onnx.proto.OnnxMl.TensorProto;
import downstream.eval.BadInput;
import downstream.eval.train.optimiser.Scalars;
import java.util.List;
import java.util.function.BinaryOperator;

/** Arithmetic element by element; shapes broadcast. */
final class Elementwise {
  private Elementwise() {}

  /** Combines any number of inputs from left to right. */
  static NDArray fold(Operands in, BinaryOperator<NDArray> combine) {
    List<NDArray> inputs = in.all();
    NDArray result = Torch.alias(inputs.get(0));
    for (NDArray next : inputs.subList(1, inputs.size())) {
      result = combine.apply(result, next);
    }
    return result;
  }

  static NDArray mean(Operands in) {
    return Scalars.over(fold(in, NDArray::add), in.count());
  }

  static NDArray reciprocal(Operands in) {
    return Torch.number(in.array(0), 1).div(in.array(0));
  }

  static NDArray power(Operands in) {
    NDArray x = in.array(0);
    double exponent = in.isConstant(1) && in.array(1).size() == 1 ? in.number(1, 1) : Double.NaN;
    boolean sameShape = in.array(1).getShape().dimension() <= x.getShape().dimension();
    if (exponent == 2 && sameShape) {
      return x.square();
    }
    return exponent == 0.5 && sameShape
        ? x.sqrt()
        : x.pow(in.array(1).toType(x.getDataType(), false));
  }

  /** Clip: bounds from attributes (up to opset 10) or inputs; either may be missing. */
  static NDArray clip(Operands in) {
    NDArray x = in.array(0);
    boolean constant = (!in.has(1) || in.isConstant(1)) && (!in.has(2) || in.isConstant(2));
    if (constant) {
      double low = in.node().number("min", Float.NEGATIVE_INFINITY);
      double high = in.node().number("max", Float.POSITIVE_INFINITY);
      return JniUtils.clip(Torch.of(x), in.number(1, low), in.number(2, high));
    }
    NDArray raised = in.has(1) ? x.maximum(in.array(1)) : x;
    return in.has(2) ? raised.minimum(in.array(2)) : raised;
  }

  /** Cast: between float types the values keep the precision that the graph is run in. */
  static NDArray cast(Operands in) {
    return cast(in, in.node().integer("to", TensorProto.DataType.FLOAT_VALUE));
  }

  /** CastLike: to the type of the second input. */
  static NDArray castLike(Operands in) {
    return in.array(1).getDataType().isFloating()
        ? Torch.alias(in.array(0))
        : in.array(0).toType(in.array(1).getDataType(), true);
  }

  private static NDArray cast(Operands in, long type) {
    NDArray x = in.array(0);
    return switch (Math.toIntExact(type)) {
      case TensorProto.DataType.FLOAT_VALUE,
          TensorProto.DataType.DOUBLE_VALUE,
          TensorProto.DataType.FLOAT16_VALUE,
          TensorProto.DataType.BFLOAT16_VALUE ->
          x.getDataType().isFloating() ? Torch.alias(x) : x.toType(DataType.FLOAT32, true);
      case TensorProto.DataType.INT64_VALUE -> x.toType(DataType.INT64, true);
      case TensorProto.DataType.INT32_VALUE -> x.toType(DataType.INT32, true);
      case TensorProto.DataType.BOOL_VALUE -> x.toType(DataType.BOOLEAN, true);
      default ->
          throw new BadInput(
              in.node().toString(),
              "casts to " + TensorProto.DataType.forNumber(Math.toIntExact(type)),
              "Export the encoder in float32");
    };
  }

  /** Selects values by a condition, which is a constant or computed by a comparison. */
  static NDArray where(Operands in) {
    return Torch.where(in.array(0), in.array(1), in.array(2));
  }

  /**
   * Dropout: only where the file has it in training form (opset 12 on: the input {@code
   * training_mode}; before: a mask among the outputs) and weights are trained.
   */
  static NDList dropout(Operands in) {
    NDArray x = in.array(0);
    boolean trainingForm =
        in.node().opset() >= 12
            ? in.integers(2, 0)[0] != 0
            : in.node().outputs().size() > 1 && !in.node().outputs().get(1).isEmpty();
    double ratio = in.number(1, in.node().number("ratio", 0.5f));
    if (!trainingForm || in.phase() == Operands.Phase.INFERENCE || ratio == 0) {
      NDList outputs = new NDList(Torch.alias(x));
      if (in.wants(1)) {
        outputs.add(Torch.full(x, x.getShape(), 1).toType(DataType.BOOLEAN, false));
      }
      return outputs;
    }
    NDArray mask = JniUtils.dropout(Torch.of(Torch.full(x, x.getShape(), 1)), ratio, true);
    NDList outputs = new NDList(x.mul(mask));
    if (in.wants(1)) {
      outputs.add(mask.toType(DataType.BOOLEAN, false));
    }
    return outputs;
  }
}
