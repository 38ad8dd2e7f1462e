package downstream.eval.encoder.operators;

import static downstream.eval.encoder.operators.OperatorCase.single;

import java.util.List;

/** Cases of matrix products and of operators that move or pick elements. */
final class ShapeCases {
  private ShapeCases() {}

  static void add(List<OperatorCase> cases) {
    products(cases);
    shapes(cases);
    selections(cases);
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
    cases.add(single("Einsum", 12).text("equation", "ibij->jbi").live(3, 2, 3, 4));
    cases.add(single("Einsum", 12).text("equation", "ij,ij").live(3, 4).live(3, 4));
    cases.add(single("Einsum", 12).text("equation", "i,ij,j->").live(3).live(3, 4).live(4));
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
}
