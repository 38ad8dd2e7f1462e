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
    norms(cases);
    reductions(cases);
    ShapeCases.add(cases);
    SpatialCases.add(cases);
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
}
