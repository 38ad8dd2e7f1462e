package downstream.eval.encoder.inspect;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import downstream.eval.torch.Precision;
import java.util.List;
import java.util.Optional;

/**
 * Result of an {@link EncoderBenchmark}.
 *
 * @param imageSize side of the images in pixels
 * @param productGflopsPerSecond float32 product of two 2048 × 2048 matrices, measured before every
 *     turn
 */
@JsonNaming(SnakeCaseStrategy.class)
public record BenchmarkReport(
    String encoder,
    int imageSize,
    int batch,
    String device,
    int threads,
    int rounds,
    Spread productGflopsPerSecond,
    List<Operation> operations) {
  public BenchmarkReport {
    operations = List.copyOf(operations);
  }

  /**
   * One operation of a batch.
   *
   * @param operation {@code forward} and {@code forward_backward} in the training engine, {@code
   *     frozen_inference} in ONNX Runtime
   * @param gflop billions of floating-point operations of a turn, a multiplication and its addition
   *     being two, the backward pass twice the forward
   * @param shareOfProduct speed as a share of the product's just before
   * @param memoryBytes most memory of the process that the first turn took beyond what was held
   *     before, where the system tells; a GPU's memory is not included
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Operation(
      String operation,
      Precision precision,
      double gflop,
      Spread seconds,
      Spread imagesPerSecond,
      Spread gflopsPerSecond,
      Spread shareOfProduct,
      Optional<Long> memoryBytes) {}

  static BenchmarkReport of(
      String encoder, BenchmarkSettings settings, List<OperationTurns> operations) {
    List<Double> products =
        operations.stream().flatMap(turns -> turns.products().stream()).toList();
    return new BenchmarkReport(
        encoder,
        settings.size(),
        settings.batch(),
        settings.device().name(),
        settings.threads(),
        settings.rounds(),
        Spread.of(products),
        operations.stream().map(turns -> turns.report(settings.batch())).toList());
  }
}
