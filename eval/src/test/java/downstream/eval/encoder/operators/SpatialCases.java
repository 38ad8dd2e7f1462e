package downstream.eval.encoder.operators;

import static downstream.eval.encoder.operators.OperatorCase.single;

import java.util.List;

/** Cases of operators whose windows slide over height and width. */
final class SpatialCases {
  private SpatialCases() {}

  static void add(List<OperatorCase> cases) {
    convolutions(cases);
    pools(cases);
    resizes(cases);
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
