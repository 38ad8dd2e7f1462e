package downstream.eval.encoder.operators;

import static downstream.eval.encoder.operators.OperatorCase.single;

import downstream.eval.encoder.operators.Operands.Phase;
import java.util.ArrayList;
import java.util.List;

/** At least one case for every operator of the table, one a variant that exporters write. */
final class OperatorCases {
  private OperatorCases() {}

  static List<OperatorCase> all() {
    List<OperatorCase> cases = new ArrayList<>();
    arithmetic(cases);
    comparisons(cases);
    activations(cases);
    products(cases);
    convolutions(cases);
    pools(cases);
    norms(cases);
    reductions(cases);
    shapes(cases);
    selections(cases);
    resizes(cases);
    return cases;
  }

  private static void arithmetic(List<OperatorCase> cases) {
    for (String operator : List.of("Add", "Sub", "Mul")) {
      cases.add(single(operator, 14).live(2, 3, 4).live(3, 1));
    }
    cases.add(single("Div", 14).live(2, 3, 4).between(0.5, 2, 4));
    cases.add(single("Pow", 15).live(2, 3).number(2));
    cases.add(single("Pow", 15).between(0.5, 2, 2, 3).number(0.5));
    cases.add(single("Pow", 12).between(0.5, 2, 2, 3).integers(3));
    cases.add(single("Pow", 15).between(0.5, 2, 2, 3).live(3));
    for (String operator : List.of("Max", "Min", "Sum", "Mean")) {
      cases.add(single(operator, 13).live(2, 3).live(3).live(2, 1));
      cases.add(single(operator, 13).live(2, 3));
    }
    cases.add(single("Clip", 7).live(3, 4).real("min", -0.5).real("max", 0.6));
    cases.add(single("Clip", 13).live(3, 4).number(-0.5).number(0.6));
    cases.add(single("Clip", 13).live(3, 4).none().number(0.6));
    cases.add(single("Clip", 11).live(3, 4).number(0));
    for (String operator :
        List.of(
            "Neg",
            "Abs",
            "Exp",
            "Erf",
            "Sin",
            "Cos",
            "Tan",
            "Atan",
            "Sinh",
            "Cosh",
            "Floor",
            "Ceil",
            "Round",
            "Sign",
            "Identity",
            "Relu",
            "Sigmoid",
            "Tanh")) {
      cases.add(single(operator, 13).between(-1.4, 1.4, 2, 5));
    }
    for (String operator : List.of("Sqrt", "Log", "Reciprocal")) {
      cases.add(single(operator, 13).between(0.5, 2, 2, 5));
    }
    for (String operator : List.of("Asin", "Acos")) {
      cases.add(single(operator, 7).between(-0.9, 0.9, 2, 5));
    }
    cases.add(single("Cast", 13).live(2, 3).one("to", 1));
    cases.add(single("CastLike", 15).live(2, 3).floats(1));
    cases.add(single("Dropout", 13).live(2, 3).number(0.5));
    cases.add(single("Dropout", 10).live(2, 3).real("ratio", 0.3));
  }

  private static void comparisons(List<OperatorCase> cases) {
    for (String operator : List.of("Greater", "Less", "Equal")) {
      cases.add(single(operator, 13).live(2, 3).live(3));
    }
    for (String operator : List.of("GreaterOrEqual", "LessOrEqual")) {
      cases.add(single(operator, 16).live(2, 3).live(3));
    }
    cases.add(single("IsNaN", 13).live(2, 3));
    int[] flags = {1, 0, 1, 1, 0, 0};
    int[] others = {1, 1, 0, 1, 0, 1};
    cases.add(single("Not", 7).booleans(flags, 2, 3));
    cases.add(single("And", 7).booleans(flags, 2, 3).booleans(others, 2, 3));
    cases.add(single("Or", 7).booleans(flags, 2, 3).booleans(others, 2, 3));
    cases.add(single("Where", 16).booleans(flags, 2, 3).live(2, 3).live(4, 1, 1));
    cases.add(single("Where", 9).booleans(flags, 2, 3).live(2, 3).number(-100));
  }

  private static void activations(List<OperatorCase> cases) {
    for (String operator : List.of("LeakyRelu", "Elu", "HardSigmoid")) {
      cases.add(single(operator, 7).live(2, 8));
      cases.add(single(operator, 7).live(2, 8).real("alpha", 0.3));
    }
    cases.add(single("Softplus", 7).live(2, 8));
    cases.add(single("Softsign", 7).live(2, 8));
    cases.add(single("Selu", 7).live(2, 8));
    cases.add(single("Selu", 7).live(2, 8).real("alpha", 2).real("gamma", 3));
    cases.add(single("Celu", 12).live(2, 8).real("alpha", 2));
    cases.add(single("PRelu", 9).live(2, 3, 4).live(3, 1));
    cases.add(single("HardSigmoid", 7).live(2, 8).real("alpha", 1 / 6.0).real("beta", 0.4));
    cases.add(single("HardSwish", 14).live(4, 8));
    cases.add(single("Mish", 18).live(2, 8));
    cases.add(single("Gelu", 20).live(2, 8));
    cases.add(single("Gelu", 20).live(2, 8).text("approximate", "tanh"));
    cases.add(single("ThresholdedRelu", 10).live(2, 8).real("alpha", 0.4));
    cases.add(single("Shrink", 9).live(2, 8).real("lambd", 0.6).real("bias", 0.2));
    for (String operator : List.of("Softmax", "LogSoftmax")) {
      cases.add(single(operator, 13).live(2, 3, 4).one("axis", 1));
      cases.add(single(operator, 13).live(2, 3, 4));
      cases.add(single(operator, 11).live(2, 3, 4));
      cases.add(single(operator, 11).live(2, 3, 4).one("axis", -1));
    }
  }

  private static void products(List<OperatorCase> cases) {
    cases.add(single("MatMul", 13).live(2, 3, 4).live(4, 5));
    cases.add(single("MatMul", 13).live(2, 1, 3, 4).live(3, 4, 5));
    cases.add(single("MatMul", 13).live(4).live(2, 4, 5));
    cases.add(single("Gemm", 13).live(3, 4).live(4, 5).live(5));
    cases.add(single("Gemm", 13).live(3, 4).live(5, 4).live(5).one("transB", 1));
    cases.add(single("Gemm", 13).live(3, 4).live(5, 4).one("transB", 1));
    cases.add(single("Gemm", 9).live(3, 4).live(4, 5).live(1));
    cases.add(
        single("Gemm", 13)
            .live(4, 3)
            .live(4, 5)
            .live(3, 1)
            .one("transA", 1)
            .real("alpha", 0.5)
            .real("beta", 2));
    cases.add(single("Einsum", 12).text("equation", "bij,bjk->bik").live(2, 3, 4).live(2, 4, 5));
    cases.add(
        single("Einsum", 12).text("equation", "bhwc,hkc->bhwk").live(2, 3, 4, 5).live(3, 6, 5));
    cases.add(single("Einsum", 12).text("equation", "...ij,kj->...ik").live(2, 2, 3, 4).live(5, 4));
    cases.add(single("Einsum", 12).text("equation", "bij->bi").live(2, 3, 4));
    cases.add(single("Einsum", 12).text("equation", "ii->i").live(4, 4));
    cases.add(single("Einsum", 12).text("equation", "ij,ij").live(3, 4).live(3, 4));
    cases.add(single("Einsum", 12).text("equation", "i,ij,j->").live(3).live(3, 4).live(4));
  }

  private static void convolutions(List<OperatorCase> cases) {
    cases.add(
        single("Conv", 11).live(2, 3, 6, 5).live(4, 3, 3, 3).live(4).with("pads", 1, 1, 1, 1));
    cases.add(
        single("Conv", 11)
            .live(1, 4, 6, 5)
            .live(6, 2, 3, 2)
            .live(6)
            .one("group", 2)
            .with("strides", 2, 1));
    cases.add(single("Conv", 11).live(1, 2, 6, 5).live(2, 2, 3, 3).with("pads", 1, 0, 2, 1));
    cases.add(single("Conv", 11).live(1, 2, 7, 7).live(2, 2, 3, 3).with("dilations", 2, 3));
    for (String padding : List.of("SAME_UPPER", "SAME_LOWER", "VALID")) {
      cases.add(
          single("Conv", 11)
              .live(1, 2, 6, 5)
              .live(2, 2, 2, 4)
              .text("auto_pad", padding)
              .with("strides", 2, 2));
    }
    cases.add(single("Conv", 7).live(2, 3, 7).live(4, 3, 3).live(4).with("pads", 0, 2));
    cases.add(
        single("Conv", 11).live(1, 2, 3, 4, 4).live(2, 2, 2, 2, 2).with("pads", 1, 0, 0, 1, 0, 0));
    cases.add(
        single("ConvTranspose", 11)
            .live(2, 3, 3, 4)
            .live(3, 2, 2, 2)
            .live(2)
            .with("strides", 2, 2));
    cases.add(single("ConvTranspose", 11).live(1, 3, 4).live(3, 2, 3).with("strides", 3));
    cases.add(
        single("ConvTranspose", 11)
            .live(2, 4, 3, 4)
            .live(4, 3, 3, 2)
            .live(6)
            .one("group", 2)
            .with("strides", 2, 3));
    cases.add(
        single("ConvTranspose", 11)
            .live(1, 2, 3, 4)
            .live(2, 2, 4, 4)
            .with("strides", 2, 2)
            .with("pads", 1, 1, 1, 1));
    cases.add(
        single("ConvTranspose", 11)
            .live(1, 2, 3, 4)
            .live(2, 2, 3, 3)
            .with("strides", 2, 2)
            .with("pads", 1, 0, 0, 1)
            .with("output_padding", 1, 0)
            .with("dilations", 1, 2));
    cases.add(
        single("ConvTranspose", 11)
            .live(1, 2, 3, 4)
            .live(2, 2, 3, 3)
            .with("strides", 2, 2)
            .with("output_shape", 7, 8));
    for (String padding : List.of("SAME_UPPER", "SAME_LOWER")) {
      cases.add(
          single("ConvTranspose", 11)
              .live(1, 2, 3, 4)
              .live(2, 2, 3, 4)
              .with("strides", 2, 2)
              .text("auto_pad", padding));
    }
    cases.add(
        single("ConvTranspose", 11)
            .live(1, 2, 2, 3, 2)
            .live(2, 2, 2, 2, 3)
            .with("strides", 2, 1, 2));
  }

  private static void pools(List<OperatorCase> cases) {
    for (String pool : List.of("MaxPool", "AveragePool")) {
      cases.add(single(pool, 11).live(2, 3, 6, 7).with("kernel_shape", 3, 2));
      cases.add(
          single(pool, 11)
              .live(2, 3, 6, 7)
              .with("kernel_shape", 3, 3)
              .with("strides", 2, 2)
              .with("pads", 1, 1, 1, 1));
      cases.add(
          single(pool, 11)
              .live(2, 3, 6, 7)
              .with("kernel_shape", 3, 3)
              .with("strides", 2, 2)
              .one("ceil_mode", 1));
      cases.add(
          single(pool, 11)
              .live(2, 3, 6, 6)
              .with("kernel_shape", 2, 2)
              .with("strides", 3, 3)
              .with("pads", 1, 1, 1, 1)
              .one("ceil_mode", 1));
      cases.add(
          single(pool, 11)
              .live(2, 3, 6, 7)
              .with("kernel_shape", 3, 3)
              .with("strides", 2, 2)
              .with("pads", 0, 1, 2, 1));
      for (String padding : List.of("SAME_UPPER", "SAME_LOWER", "VALID")) {
        cases.add(
            single(pool, 11)
                .live(2, 3, 6, 7)
                .with("kernel_shape", 3, 4)
                .with("strides", 2, 2)
                .text("auto_pad", padding));
      }
      cases.add(single(pool, 11).live(2, 3, 9).with("kernel_shape", 3).with("strides", 2));
      cases.add(
          single(pool, 11)
              .live(1, 2, 4, 5, 4)
              .with("kernel_shape", 2, 3, 2)
              .with("pads", 1, 0, 0, 0, 1, 1));
      cases.add(
          single(pool, 19)
              .live(2, 3, 6, 7)
              .with("kernel_shape", 2, 3)
              .with("dilations", 2, 1)
              .with("pads", 1, 1, 0, 1));
      cases.add(single("Global" + pool, 7).live(2, 3, 4, 5));
      cases.add(single("Global" + pool, 7).live(2, 3, 4));
    }
    cases.add(
        single("AveragePool", 11)
            .live(2, 3, 6, 7)
            .with("kernel_shape", 3, 3)
            .with("strides", 2, 2)
            .with("pads", 1, 1, 1, 1)
            .one("count_include_pad", 1));
    cases.add(
        single("AveragePool", 19)
            .live(2, 3, 6, 7)
            .with("kernel_shape", 3, 3)
            .with("strides", 2, 2)
            .with("pads", 1, 0, 1, 1)
            .one("count_include_pad", 1)
            .one("ceil_mode", 1));
  }

  private static void norms(List<OperatorCase> cases) {
    cases.add(batchNorm(15));
    cases.add(batchNorm(9));
    cases.add(
        single("BatchNormalization", 15)
            .live(3, 4, 5)
            .live(4)
            .live(4)
            .floats(0, 1, 2, 3)
            .floats(1, 2, 1, 2));
    cases.add(batchNorm(15).one("training_mode", 1).outputs(3).phase(Phase.BATCH_STATISTICS));
    cases.add(single("LayerNormalization", 17).live(2, 3, 4).live(4).live(4));
    cases.add(single("LayerNormalization", 17).live(2, 3, 4).live(4).real("epsilon", 0.01));
    cases.add(single("LayerNormalization", 17).live(2, 3, 4).live(3, 4).live(3, 4).one("axis", 1));
    cases.add(single("LayerNormalization", 17).live(2, 3, 4).live(4).live(4).outputs(3));
    cases.add(
        single("GroupNormalization", 21).live(2, 6, 2, 2).live(6).live(6).one("num_groups", 3));
    cases.add(
        single("GroupNormalization", 18).live(2, 6, 2, 2).live(3).live(3).one("num_groups", 3));
    cases.add(single("InstanceNormalization", 7).live(2, 3, 4, 2).live(3).live(3));
    cases.add(single("InstanceNormalization", 7).live(2, 3, 5).live(3).live(3));
    cases.add(single("LpNormalization", 7).live(2, 3, 4).one("axis", 1));
    cases.add(single("LpNormalization", 7).live(2, 3, 4).one("p", 1));
    cases.add(single("LRN", 13).live(2, 5, 2, 2).one("size", 3).real("alpha", 0.1).real("bias", 2));
    cases.add(single("MeanVarianceNormalization", 13).live(2, 3, 2, 2));
  }

  private static OperatorCase batchNorm(int opset) {
    return single("BatchNormalization", opset)
        .live(2, 3, 4, 2)
        .live(3)
        .live(3)
        .floats(0.1, -0.3, 0.2)
        .floats(1, 2, 0.5)
        .real("epsilon", 0.001)
        .real("momentum", 0.8);
  }

  private static void reductions(List<OperatorCase> cases) {
    for (String operator :
        List.of(
            "Sum", "Mean", "Max", "Min", "Prod", "L1", "L2", "SumSquare", "LogSum", "LogSumExp")) {
      String name = "Reduce" + operator;
      int inputFrom = operator.equals("Sum") ? 13 : 18;
      cases.add(single(name, 11).between(0.5, 2, 2, 3, 4).with("axes", -1));
      cases.add(single(name, 11).between(0.5, 2, 2, 3, 4).with("axes", 0, 2).one("keepdims", 0));
      cases.add(single(name, 11).between(0.5, 2, 2, 3, 4).one("keepdims", 0));
      cases.add(single(name, inputFrom).between(0.5, 2, 2, 3, 4).integers(2, 1));
      cases.add(single(name, inputFrom).between(0.5, 2, 2, 3, 4));
    }
    cases.add(single("ReduceSum", 13).live(2, 3).integers().one("noop_with_empty_axes", 1));
    cases.add(single("CumSum", 14).live(2, 4).integer(1));
    cases.add(single("CumSum", 14).live(2, 4).integer(-1).one("reverse", 1).one("exclusive", 1));
  }

  private static void shapes(List<OperatorCase> cases) {
    cases.add(single("Reshape", 14).live(2, 3, 4).integers(0, -1));
    cases.add(single("Reshape", 14).live(2, 3, 4).integers(4, 1, 6));
    cases.add(single("Flatten", 13).live(2, 3, 4));
    cases.add(single("Flatten", 13).live(2, 3, 4).one("axis", -1));
    cases.add(single("Flatten", 13).live(2, 3, 4).one("axis", 0));
    cases.add(single("Transpose", 13).live(2, 3, 4));
    cases.add(single("Transpose", 13).live(2, 3, 4).with("perm", 1, 0, 2));
    cases.add(single("Squeeze", 11).live(2, 1, 3, 1).with("axes", 1));
    cases.add(single("Squeeze", 13).live(2, 1, 3, 1).integers(-1));
    cases.add(single("Squeeze", 13).live(2, 1, 3, 1));
    cases.add(single("Unsqueeze", 11).live(2, 3).with("axes", 0, 3));
    cases.add(single("Unsqueeze", 13).live(2, 3).integers(-2, 0));
    cases.add(single("Expand", 13).live(3, 1).integers(2, 1, 4));
    cases.add(single("Tile", 13).live(2, 3).integers(2, 2));
    for (String mode : List.of("DCR", "CRD")) {
      cases.add(single("DepthToSpace", 13).live(2, 8, 2, 3).one("blocksize", 2).text("mode", mode));
    }
    cases.add(single("SpaceToDepth", 13).live(2, 3, 4, 6).one("blocksize", 2));
  }

  private static void selections(List<OperatorCase> cases) {
    cases.add(single("Concat", 13).live(2, 3).live(2, 1).live(2, 2).one("axis", -1));
    cases.add(single("Concat", 13).live(2, 3).one("axis", 0));
    cases.add(single("Split", 11).live(2, 6).one("axis", 1).with("split", 1, 2, 3).outputs(3));
    cases.add(single("Split", 13).live(6, 2).integers(4, 2).outputs(2));
    cases.add(single("Split", 13).live(2, 6).one("axis", -1).outputs(3));
    cases.add(single("Split", 18).live(2, 7).one("axis", 1).one("num_outputs", 3).outputs(3));
    cases.add(
        single("Slice", 9)
            .live(4, 5)
            .with("starts", 1, -4)
            .with("ends", 100, -1)
            .with("axes", 0, 1));
    cases.add(single("Slice", 13).live(4, 5).integers(1).integers(3));
    cases.add(
        single("Slice", 13)
            .live(4, 7)
            .integers(1, 0)
            .integers(4, 7)
            .integers(0, -1)
            .integers(1, 2));
    cases.add(
        single("Slice", 13)
            .live(4, 7)
            .integers(-1, 5)
            .integers(-100, 1)
            .integers(0, 1)
            .integers(-1, -2));
    cases.add(single("Slice", 13).live(4, 5).integers(3).integers(0).integers(0).integers(-1));
    cases.add(single("Gather", 13).live(4, 3).integers(new long[] {1, -1, 1, 0}, 2, 2));
    cases.add(single("Gather", 13).live(2, 4, 3).integer(-2).one("axis", 1));
    cases.add(single("Gather", 13).live(2, 4, 3).integers(2).one("axis", -1));
    cases.add(single("Gather", 13).live(2, 4, 3).integers(2, 0, -1, 2).one("axis", 1));
    cases.add(
        single("GatherElements", 13)
            .live(2, 3)
            .integers(new long[] {1, -1, 0, 2}, 2, 2)
            .one("axis", 1));
    cases.add(single("Pad", 7).live(2, 3).with("pads", 0, 1, 2, 0).real("value", 0.5));
    cases.add(single("Pad", 13).live(2, 3).integers(0, 1, 2, -1).number(0.5));
    cases.add(single("Pad", 18).live(2, 3, 4).integers(1, 2).none().integers(-1));
    for (String mode : List.of("reflect", "edge")) {
      cases.add(single("Pad", 13).live(2, 4, 5).integers(0, 1, 3, 0, 2, 1).text("mode", mode));
    }
    cases.add(single("Pad", 19).live(2, 4, 5).integers(0, 1, 3, 0, 2, 1).text("mode", "wrap"));
    cases.add(single("Trilu", 14).live(2, 4, 5));
    cases.add(single("Trilu", 14).live(4, 5).integer(-1).one("upper", 0));
  }

  private static void resizes(List<OperatorCase> cases) {
    cases.add(single("Upsample", 9).live(1, 2, 3, 4).floats(1, 1, 2, 2).text("mode", "nearest"));
    cases.add(single("Upsample", 9).live(1, 2, 3, 4).floats(1, 1, 2, 1.5).text("mode", "linear"));
    cases.add(single("Resize", 10).live(1, 2, 3, 4).floats(1, 1, 2, 3).text("mode", "nearest"));
    cases.add(single("Resize", 10).live(1, 2, 6, 4).floats(1, 1, 0.5, 0.75).text("mode", "linear"));
    for (String mode : List.of("nearest", "linear", "cubic")) {
      for (String coordinates :
          List.of("half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric")) {
        cases.add(resize(13, mode, coordinates).none().floats(1, 1, 2, 1.7));
        cases.add(resize(13, mode, coordinates).none().floats(1, 1, 0.6, 0.5));
        cases.add(resize(13, mode, coordinates).none().none().integers(1, 2, 7, 1));
      }
    }
    for (String rounding : List.of("floor", "ceil", "round_prefer_ceil")) {
      cases.add(
          resize(11, "nearest", "asymmetric")
              .text("nearest_mode", rounding)
              .floats(0)
              .floats(1, 1, 1.5, 0.7));
    }
    cases.add(resize(11, "nearest", "tf_half_pixel_for_nn").floats(0).floats(1, 1, 1.5, 0.7));
    cases.add(
        resize(13, "linear", "tf_crop_and_resize")
            .real("extrapolation_value", 5)
            .floats(0, 0, 0.2, -0.1, 1, 1, 0.9, 0.7)
            .none()
            .integers(1, 2, 4, 6));
    cases.add(
        resize(13, "cubic", "half_pixel")
            .one("exclude_outside", 1)
            .real("cubic_coeff_a", -0.5)
            .none()
            .floats(1, 1, 1.5, 2));
    cases.add(resize(18, "linear", "half_pixel").with("axes", 2, 3).none().floats(2, 1.5));
    cases.add(resize(19, "linear", "half_pixel_symmetric").none().floats(1, 1, 1.3, 2.2));
    for (String mode : List.of("linear", "cubic")) {
      cases.add(resize(18, mode, "half_pixel").one("antialias", 1).none().floats(1, 1, 0.6, 0.4));
    }
    for (String policy : List.of("not_larger", "not_smaller")) {
      cases.add(
          resize(18, "linear", "half_pixel")
              .with("axes", 2, 3)
              .text("keep_aspect_ratio_policy", policy)
              .none()
              .none()
              .integers(9, 8));
    }
  }

  private static OperatorCase resize(int opset, String mode, String coordinates) {
    return single("Resize", opset)
        .live(1, 2, 5, 4)
        .text("mode", mode)
        .text("coordinate_transformation_mode", coordinates);
  }
}
