package downstream.eval.encoder.runtime;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.engine.StandardCapabilities;
import ai.djl.util.cuda.CudaUtils;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import java.util.Optional;

/** CUDA GPUs that both engines can use: one that only one of them sees is of no use. */
public final class Gpus {
  private Gpus() {}

  /** Returns the reason why the GPU of this number cannot be used; empty if it can. */
  public static Optional<String> obstacle(int gpu) {
    // The cheapest question first: most builds are for the CPU.
    if (!OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
      return Optional.of("this build has ONNX Runtime for the CPU");
    }
    try {
      if (!Engine.getInstance().hasCapability(StandardCapabilities.CUDA)) {
        return Optional.of("PyTorch's libraries are for the CPU, or find no CUDA driver");
      }
    } catch (EngineException e) {
      return Optional.of("PyTorch does not load: " + e.getMessage());
    }
    int count = CudaUtils.getGpuCount();
    if (gpu >= count) {
      return Optional.of("there is no GPU " + gpu + ", PyTorch sees " + count);
    }
    try {
      OnnxEncoder.options(1, gpu).close();
      return Optional.empty();
    } catch (OrtException e) {
      return Optional.of("ONNX Runtime cannot use it: " + e.getMessage());
    }
  }
}
