package downstream.eval.encoder.rewrite;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import downstream.eval.BadInput;
import downstream.eval.encoder.BuiltNetwork;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.EncoderSpec;
import downstream.eval.encoder.FeatureLevel;
import downstream.eval.encoder.SwinArchitecture;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.build.RelativePositions;
import downstream.eval.encoder.build.SinCosPositions;
import downstream.eval.encoder.build.SwinTransformer;
import downstream.eval.encoder.graph.GraphWriter;
import downstream.eval.encoder.operators.Tensors;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** Writes an encoder's graph for images of another size. */
final class InputResizer {
  private static final String COARSEST = "the coarsest level's stride";

  private InputResizer() {}

  /**
   * The graph for images of {@code size} pixels.
   *
   * @throws BadInput if the encoder takes one size only, or not this one
   */
  static ModelProto model(EncoderFile file, int size) {
    EncoderSpec spec = file.spec();
    ModelProto.Builder model = file.model().toBuilder();
    if (spec.builder().isPresent()) {
      BuiltNetwork network = spec.builder().get();
      boolean patches = network instanceof VitArchitecture;
      check(size, network.sizeUnit(), patches ? "the patch" : COARSEST);
      return model.setGraph(transformer(file, network, size)).build();
    }
    if (spec.anySize()) {
      int stride = spec.levels().stream().mapToInt(FeatureLevel::stride).max().orElseThrow();
      check(size, stride, COARSEST);
      return model.setGraph(anySize(model.getGraph(), spec.input(), size)).build();
    }
    throw new BadInput(
        file.name() + ".onnx",
        "takes images of " + spec.imageSize() + " px only, not of " + size,
        "Use --set data.imageSize="
            + spec.imageSize()
            + ", or write 'anySize: true' into its spec if the graph takes other sizes");
  }

  private static void check(int size, int unit, String name) {
    if (size <= 0 || size % unit != 0) {
      throw new BadInput(
          "imageSize",
          size + " is not a multiple of " + name + ", " + unit,
          "Choose a multiple of " + unit);
    }
  }

  private static GraphProto transformer(EncoderFile file, BuiltNetwork network, int size) {
    return network instanceof SwinArchitecture swin
        ? swin(file, swin.withImageSize(size))
        : vit(file, (VitArchitecture) network, size);
  }

  /** The graph written again: trained tensors stay, tables of relative positions are resized. */
  private static GraphProto swin(EncoderFile file, SwinArchitecture there) {
    Map<String, TensorProto> constants = file.graph().constants();
    GraphProto.Builder graph =
        SwinTransformer.graph(there, file.model().getGraph().getName()).toBuilder();
    for (TensorProto.Builder tensor : graph.getInitializerBuilderList()) {
      TensorProto trained = constants.get(tensor.getName());
      if (!file.weights().containsKey(tensor.getName()) || trained == null) {
        continue;
      }
      if (SwinTransformer.isTable(tensor.getName())) {
        int heads = (int) tensor.getDims(1);
        int from = (int) Math.round(Math.sqrt(trained.getDims(0)));
        int to = (int) Math.round(Math.sqrt(tensor.getDims(0)));
        float[] table = BicubicTable.resize(Tensors.floats(trained), from, to, heads);
        trained = Tensors.of(tensor.getName(), table, (long) to * to, heads);
      }
      tensor.clear().mergeFrom(trained);
    }
    return graph.build();
  }

  private static GraphProto vit(EncoderFile file, VitArchitecture here, int size) {
    VitArchitecture there = here.withImageSize(size);
    GraphProto.Builder graph = file.model().getGraph().toBuilder();
    for (TensorProto.Builder tensor : graph.getInitializerBuilderList()) {
      resized(tensor.build(), here, there).ifPresent(other -> tensor.clear().mergeFrom(other));
    }
    graph.setInput(0, GraphWriter.floatValue(VitArchitecture.IMAGES, -1, 3, size, size));
    graph.clearOutput();
    for (String output : there.outputs()) {
      graph.addOutput(GraphWriter.floatValue(output, -1, there.rows(output), there.width()));
    }
    return graph.build();
  }

  /** A tensor that depends on the size. */
  private static Optional<TensorProto> resized(
      TensorProto tensor, VitArchitecture here, VitArchitecture there) {
    String name = tensor.getName();
    return Optional.ofNullable(
        switch (name) {
          case VitArchitecture.POSITIONS -> {
            float[] table = positions(Tensors.floats(tensor), here, there);
            yield Tensors.of(name, table, 1, (long) there.grid() * there.grid(), there.width());
          }
          case RelativePositions.TABLE -> {
            float[] table = relative(Tensors.floats(tensor), here, there);
            yield Tensors.of(name, table, table.length / there.heads(), there.heads());
          }
          case RelativePositions.INDEX -> {
            long[] index = RelativePositions.index(there.grid(), there.classToken());
            yield Tensors.of(name, index, index.length);
          }
          case RelativePositions.SHAPE -> {
            long[] shape = RelativePositions.shape(there);
            yield Tensors.of(name, shape, shape.length);
          }
          default -> null;
        });
  }

  /** The table of distances, interpolated; the rows of a class token behind it stay. */
  private static float[] relative(float[] table, VitArchitecture here, VitArchitecture there) {
    int heads = here.heads();
    int distances = 2 * here.grid() - 1;
    int others = 2 * there.grid() - 1;
    int end = distances * distances * heads;
    float[] resized = BicubicTable.resize(Arrays.copyOf(table, end), distances, others, heads);
    float[] whole = Arrays.copyOf(resized, resized.length + table.length - end);
    System.arraycopy(table, end, whole, resized.length, table.length - end);
    return whole;
  }

  private static float[] positions(float[] table, VitArchitecture here, VitArchitecture there) {
    return here.learnedPositions()
        ? BicubicTable.resize(table, here.grid(), there.grid(), here.width())
        : SinCosPositions.table(there.grid(), there.width());
  }

  /** Declares the new height and width where the declared input fixes them. */
  private static GraphProto anySize(GraphProto graph, String input, int size) {
    GraphProto.Builder resized = graph.toBuilder();
    boolean fixed = false;
    for (ValueInfoProto.Builder value : resized.getInputBuilderList()) {
      if (value.getName().equals(input)) {
        fixed = declare(value, size);
      }
    }
    if (fixed) {
      resized.clearValueInfo();
      resized.getOutputBuilderList().forEach(InputResizer::forgetShape);
    }
    return resized.build();
  }

  private static boolean declare(ValueInfoProto.Builder input, int size) {
    TensorShapeProto.Builder shape =
        input.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder();
    boolean fixed = false;
    for (int axis = 2; axis < shape.getDimCount(); axis++) {
      if (shape.getDim(axis).hasDimValue()) {
        shape.getDimBuilder(axis).setDimValue(size);
        fixed = true;
      }
    }
    return fixed;
  }

  private static void forgetShape(ValueInfoProto.Builder value) {
    value.getTypeBuilder().getTensorTypeBuilder().clearShape();
  }
}
