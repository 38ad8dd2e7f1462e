package downstream.eval.encoder.runtime;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import downstream.eval.BadInput;
import downstream.eval.Device;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.graph.GraphWriter;
import java.nio.FloatBuffer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * An encoder that is only run: its graph in ONNX Runtime, on the CPU or a CUDA GPU. Safe for use by
 * several threads.
 */
public final class OnnxEncoder implements AutoCloseable {
  private static final OptLevel OPTIMISATIONS = OptLevel.ALL_OPT;

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final String input;
  private final OptionalInt fixedBatch;
  private final Device device;
  // On a GPU, runs side by side gain nothing and multiply the memory of activations.
  private final Semaphore runs;

  /** A float32 value in host memory, row-major. */
  public static final class Value {
    private final long[] shape;
    private final float[] data;

    Value(long[] shape, float[] data) {
      this.shape = shape;
      this.data = data;
    }

    /** Returns the dimensions. */
    public long[] shape() {
      return shape.clone();
    }

    /** Returns the elements; not copied. */
    public float[] data() {
      return data;
    }
  }

  /** Opens an encoder as {@link #OnnxEncoder(EncoderFile, List, int, Device)}, on the CPU. */
  public OnnxEncoder(EncoderFile file, List<String> fetches, int threads) {
    this(file, fetches, threads, Device.CPU);
  }

  /**
   * @param fetches names of the values to be fetched, outputs of the graph or not
   * @param threads of one run, on the CPU
   * @throws BadInput if ONNX Runtime refuses the model
   */
  public OnnxEncoder(EncoderFile file, List<String> fetches, int threads, Device device) {
    this.device = device;
    runs = new Semaphore(device.gpu().isPresent() ? 1 : Integer.MAX_VALUE);
    input = file.graph().input().getName();
    long batch = file.graph().fixedBatch();
    fixedBatch = batch < 0 ? OptionalInt.empty() : OptionalInt.of(Math.toIntExact(batch));
    try (OrtSession.SessionOptions options = options(threads, device.gpu().orElse(-1))) {
      session =
          environment.createSession(withOutputs(file.model(), fetches).toByteArray(), options);
    } catch (OrtException e) {
      throw new BadInput(
          file.name() + ".onnx",
          "is refused by ONNX Runtime: " + e.getMessage(),
          device.gpu().isPresent()
              ? "Try --device cpu; if that works, check the GPU and its libraries"
                  + " (docs/guide/gpu.md)"
              : "Export it again, with an opset and operators that this ONNX Runtime supports",
          e);
    }
  }

  /**
   * The options of every session.
   *
   * @param gpu number of the CUDA device, or −1 for the CPU
   * @throws OrtException if ONNX Runtime cannot use that device
   */
  public static OrtSession.SessionOptions options(int threads, int gpu) throws OrtException {
    // Options for a GPU log, and the environment is what they log to.
    OrtEnvironment.getEnvironment();
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    if (gpu >= 0) {
      addCuda(options, gpu);
    }
    options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
    options.setIntraOpNumThreads(threads);
    options.setOptimizationLevel(OPTIMISATIONS);
    return options;
  }

  /** Full float32, and algorithms that do not depend on which was faster just now. */
  private static void addCuda(OrtSession.SessionOptions options, int gpu) throws OrtException {
    try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(gpu)) {
      cuda.add("use_tf32", "0");
      cuda.add("cudnn_conv_algo_search", "HEURISTIC");
      options.addCUDA(cuda);
    }
  }

  public static ModelProto withOutputs(ModelProto model, List<String> fetches) {
    GraphProto.Builder graph = model.getGraph().toBuilder();
    Set<String> outputs = new HashSet<>();
    graph.getOutputList().stream().map(ValueInfoProto::getName).forEach(outputs::add);
    for (String fetch : fetches) {
      if (outputs.add(fetch)) {
        graph.addOutput(GraphWriter.floatValue(fetch));
      }
    }
    return model.toBuilder().setGraph(graph).build();
  }

  /** The only batch that the graph takes, if its input declares one. */
  public OptionalInt fixedBatch() {
    return fixedBatch;
  }

  /**
   * Returns what the values depend on beside the encoder: version, provider, optimisation level.
   */
  public String runtime() {
    return "onnxruntime " + environment.getVersion() + ", " + provider() + ", " + OPTIMISATIONS;
  }

  private String provider() {
    return device.gpu().isPresent() ? "cuda" : "cpu";
  }

  /** Runs as {@link #run(FloatBuffer, long[], List)}, on an array. */
  public Map<String, Value> run(float[] images, long[] shape, List<String> fetches) {
    return run(FloatBuffer.wrap(images), shape, fetches);
  }

  /**
   * Runs the encoder.
   *
   * @param images float32, row-major, normalised as the spec says; a direct buffer is not copied
   * @param shape [N, 3, H, W]
   * @param fetches a subset of what the constructor was given
   */
  public Map<String, Value> run(FloatBuffer images, long[] shape, List<String> fetches) {
    runs.acquireUninterruptibly();
    try (OnnxTensor tensor = OnnxTensor.createTensor(environment, images, shape);
        OrtSession.Result result = session.run(Map.of(input, tensor), new HashSet<>(fetches))) {
      Map<String, Value> values = new LinkedHashMap<>();
      for (String fetch : fetches) {
        OnnxTensor output = (OnnxTensor) result.get(fetch).orElseThrow();
        // A heap copy of the native values.
        float[] data = output.getFloatBuffer().array();
        values.put(fetch, new Value(output.getInfo().getShape(), data));
      }
      return values;
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
    } finally {
      runs.release();
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
