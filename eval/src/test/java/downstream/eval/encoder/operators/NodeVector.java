package downstream.eval.encoder.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import downstream.eval.encoder.operators.Operands.Phase;
import downstream.eval.torch.Precision;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * One of ONNX's own test vectors: a model with inputs and expected outputs.
 *
 * @param name the vector's folder without "test_"
 * @param files contents by path within the folder
 */
record NodeVector(String name, Map<String, byte[]> files) {
  private static final double RELATIVE = 1e-3;
  private static final double ABSOLUTE = 1e-7;

  /** ONNX divides by the size before it is rounded, ONNX Runtime by the rounded one. */
  private static final Set<String> OTHERWISE_IN_ONNX_RUNTIME =
      Set.of(
          "resize_downsample_scales_cubic_align_corners",
          "resize_downsample_scales_linear_align_corners");

  /** Float inputs that say how an operator works and are constants in every graph. */
  private static final Map<String, Set<Integer>> SETTINGS =
      Map.of(
          "Resize", Set.of(1, 2),
          "Upsample", Set.of(1),
          "Dropout", Set.of(1),
          "Pad", Set.of(2),
          "BatchNormalization", Set.of(3, 4));

  /** Reads every vector of a tar.gz whose folders are called .../test_NAME. */
  static List<NodeVector> read(Path archive) throws IOException {
    Map<String, Map<String, byte[]>> folders = new TreeMap<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            new GZIPInputStream(new BufferedInputStream(Files.newInputStream(archive))))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        int start = entry.getName().indexOf("/test_");
        int end = entry.getName().indexOf('/', start + 1);
        if (!entry.isDirectory() && start >= 0 && end >= 0) {
          folders
              .computeIfAbsent(
                  entry.getName().substring(start + "/test_".length(), end),
                  name -> new TreeMap<>())
              .put(entry.getName().substring(end + 1), tar.readAllBytes());
        }
      }
    }
    return folders.entrySet().stream()
        .map(folder -> new NodeVector(folder.getKey(), folder.getValue()))
        .toList();
  }

  private ModelProto model() throws InvalidProtocolBufferException {
    byte[] bytes = files.get("model.onnx");
    return bytes == null ? ModelProto.getDefaultInstance() : ModelProto.parseFrom(bytes);
  }

  private GraphProto graph() throws InvalidProtocolBufferException {
    return model().getGraph();
  }

  /** The operator if the graph is a single node, otherwise "". */
  String operator() throws InvalidProtocolBufferException {
    return graph().getNodeCount() == 1 ? graph().getNode(0).getOpType() : "";
  }

  private Node node() throws InvalidProtocolBufferException {
    int opset = (int) model().getOpsetImport(0).getVersion();
    return Node.of(graph().getNode(0), opset);
  }

  /** Why the vector says nothing about training, or "". */
  String reasonToSkip() throws InvalidProtocolBufferException {
    if (graph().getInputList().stream().anyMatch(input -> !input.getType().hasTensorType())) {
      return "a sequence or an optional value, not a tensor";
    }
    List<TensorProto> tensors = new ArrayList<>(tensors("input"));
    boolean trains = tensors.stream().anyMatch(NodeVector::isFloat);
    tensors.addAll(tensors("output"));
    if (tensors.stream().anyMatch(t -> t.getDataType() == TensorProto.DataType.STRING_VALUE)) {
      return "text";
    }
    if (tensors.stream().anyMatch(NodeVector::isHalf)) {
      return "half precision, which is not trained in";
    }
    if (!trains) {
      return "integers only";
    }
    if (OTHERWISE_IN_ONNX_RUNTIME.contains(name)) {
      return "ONNX Runtime computes it otherwise, and so do we";
    }
    Node node = node();
    if (node.operator().equals("MaxPool") && node.outputs().size() > 1) {
      return "asks for the indices of the maxima";
    }
    return drops(node) ? "draws random numbers" : "";
  }

  private boolean drops(Node node) throws InvalidProtocolBufferException {
    List<TensorProto> inputs = tensors("input");
    return node.operator().equals("Dropout")
        && inputs.size() > 2
        && Tensors.numbers(inputs.get(2))[0] != 0
        && Tensors.numbers(inputs.get(1))[0] != 0;
  }

  private static boolean isFloat(TensorProto tensor) {
    return tensor.getDataType() == TensorProto.DataType.FLOAT_VALUE
        || tensor.getDataType() == TensorProto.DataType.DOUBLE_VALUE;
  }

  /** The vectors write bfloat16 as uint16. */
  private static boolean isHalf(TensorProto tensor) {
    return tensor.getDataType() == TensorProto.DataType.FLOAT16_VALUE
        || tensor.getDataType() == TensorProto.DataType.UINT16_VALUE
        || tensor.getDataType() == TensorProto.DataType.BFLOAT16_VALUE;
  }

  private List<TensorProto> tensors(String kind) throws InvalidProtocolBufferException {
    List<TensorProto> tensors = new ArrayList<>();
    for (int i = 0; ; i++) {
      byte[] bytes = files.get("test_data_set_0/" + kind + "_" + i + ".pb");
      if (bytes == null) {
        return tensors;
      }
      tensors.add(TensorProto.parseFrom(bytes));
    }
  }

  /** Runs the node with float inputs live and all others constant; "" or what is wrong. */
  String difference() throws InvalidProtocolBufferException {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDList actual = run(manager);
      List<TensorProto> expected = tensors("output");
      if (actual.size() < expected.size()) {
        return actual.size() + " outputs of " + expected.size();
      }
      for (int i = 0; i < expected.size(); i++) {
        String difference = difference(actual.get(i), expected.get(i));
        if (!difference.isEmpty()) {
          return "output " + i + ": " + difference;
        }
      }
      return "";
    } catch (RuntimeException e) {
      return e.toString();
    }
  }

  private NDList run(NDManager manager) throws InvalidProtocolBufferException {
    List<TensorProto> inputs = tensors("input");
    Node node = node();
    boolean wide =
        inputs.stream().anyMatch(t -> t.getDataType() == TensorProto.DataType.DOUBLE_VALUE);
    List<@Nullable NDArray> arrays = new ArrayList<>();
    List<@Nullable TensorProto> constants = new ArrayList<>();
    int next = 0;
    for (String input : node.inputs()) {
      TensorProto tensor = input.isEmpty() ? null : inputs.get(next++);
      boolean live = tensor != null && isFloat(tensor) && !setting(node, arrays.size());
      arrays.add(
          tensor == null
              ? null
              : Tensors.array(tensor, manager, wide ? DataType.FLOAT64 : DataType.FLOAT32));
      constants.add(live ? null : tensor);
    }
    boolean training = node.integer("training_mode", 0) != 0;
    return OperatorRun.run(
        node,
        arrays,
        constants,
        training ? Phase.BATCH_STATISTICS : Phase.FROZEN_STATISTICS,
        wide ? Precision.FLOAT64 : Precision.FLOAT32,
        manager);
  }

  private static boolean setting(Node node, int slot) {
    return SETTINGS.getOrDefault(node.operator(), Set.of()).contains(slot);
  }

  private static String difference(NDArray actual, TensorProto expected) {
    long[] shape = Tensors.shape(expected);
    if (!Arrays.equals(actual.getShape().getShape(), shape)) {
      return "shape " + actual.getShape() + " instead of " + Arrays.toString(shape);
    }
    double[] numbers = actual.toType(DataType.FLOAT64, false).toDoubleArray();
    double[] wanted = Tensors.numbers(expected);
    for (int i = 0; i < wanted.length; i++) {
      boolean close = Math.abs(numbers[i] - wanted[i]) <= ABSOLUTE + RELATIVE * Math.abs(wanted[i]);
      if (!close && Double.compare(numbers[i], wanted[i]) != 0) {
        return "element " + i + " is " + numbers[i] + " instead of " + wanted[i];
      }
    }
    return "";
  }
}
