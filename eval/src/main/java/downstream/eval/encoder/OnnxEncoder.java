package downstream.eval.encoder;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import downstream.eval.BadInput;
import java.nio.FloatBuffer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An encoder that is only run: its graph in ONNX Runtime, on the CPU. Safe for use by several
 * threads.
 */
public final class OnnxEncoder implements AutoCloseable {
  /** What a cache of its features must name beside the encoder. */
  public static final String RUNTIME = "onnxruntime-1.26.0/cpu/all-optimisations";

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final String input;

  /** A float32 value in host memory, row-major. */
  public static final class Value {
    private final long[] shape;
    private final float[] data;

    Value(long[] shape, float[] data) {
      this.shape = shape;
      this.data = data;
    }

    /** Its dimensions. */
    public long[] shape() {
      return shape.clone();
    }

    /** Its elements; not copied. */
    public float[] data() {
      return data;
    }
  }

  /**
   * @param fetches names of the values to be fetched, outputs of the graph or not
   * @param threads of one run
   * @throws BadInput if ONNX Runtime refuses the model
   */
  public OnnxEncoder(EncoderFile file, List<String> fetches, int threads) {
    input = file.graph().input().getName();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      options.setIntraOpNumThreads(threads);
      options.setOptimizationLevel(OptLevel.ALL_OPT);
      session =
          environment.createSession(withOutputs(file.model(), fetches).toByteArray(), options);
    } catch (OrtException e) {
      throw new BadInput(
          file.name() + ".onnx",
          "is refused by ONNX Runtime: " + e.getMessage(),
          "Export it again",
          e);
    }
  }

  private static ModelProto withOutputs(ModelProto model, List<String> fetches) {
    GraphProto.Builder graph = model.getGraph().toBuilder();
    Set<String> outputs = new HashSet<>();
    graph.getOutputList().stream().map(ValueInfoProto::getName).forEach(outputs::add);
    for (String fetch : fetches) {
      if (outputs.add(fetch)) {
        ValueInfoProto.Builder value = ValueInfoProto.newBuilder().setName(fetch);
        value
            .getTypeBuilder()
            .getTensorTypeBuilder()
            .setElemType(ai.onnx.proto.OnnxMl.TensorProto.DataType.FLOAT_VALUE);
        graph.addOutput(value);
      }
    }
    return model.toBuilder().setGraph(graph).build();
  }

  /**
   * Runs the encoder.
   *
   * @param images float32, row-major, normalised as the spec says
   * @param shape [N, 3, H, W]
   * @param fetches a subset of what the constructor was given
   */
  public Map<String, Value> run(float[] images, long[] shape, List<String> fetches) {
    try (OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(images), shape);
        OrtSession.Result result = session.run(Map.of(input, tensor), new HashSet<>(fetches))) {
      Map<String, Value> values = new LinkedHashMap<>();
      for (String fetch : fetches) {
        OnnxTensor output = (OnnxTensor) result.get(fetch).orElseThrow();
        float[] data = new float[output.getFloatBuffer().remaining()];
        output.getFloatBuffer().get(data);
        values.put(fetch, new Value(output.getInfo().getShape(), data));
      }
      return values;
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime session would not close", e);
    }
  }
}
