package downstream.eval.encoder.inspect;

import downstream.eval.ResidentMemory;
import downstream.eval.torch.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The turns of one operation of a benchmark: what each took, and the product beside it reached. */
final class OperationTurns {
  private final String name;
  private final Precision precision;
  private final double gflop;
  private final Runnable work;
  private final List<Double> seconds = new ArrayList<>();
  private final List<Double> products = new ArrayList<>();
  private OptionalLong memory = OptionalLong.empty();

  /**
   * @param gflop billions of floating-point operations of a turn
   */
  OperationTurns(String name, Precision precision, double gflop, Runnable work) {
    this.name = name;
    this.precision = precision;
    this.gflop = gflop;
    this.work = work;
  }

  /** Runs the first turn, which is not timed but tells how much memory the operation takes. */
  void runFirst() {
    memory = ResidentMemory.growth(work);
  }

  void run() {
    work.run();
  }

  /**
   * Adds a turn.
   *
   * @param product GFLOP/s of the matrix product just before
   */
  void add(double took, double product) {
    seconds.add(took);
    products.add(product);
  }

  List<Double> products() {
    return products;
  }

  BenchmarkReport.Operation report(int batch) {
    List<Double> speeds = seconds.stream().map(took -> gflop / took).toList();
    List<Double> shares = new ArrayList<>();
    for (int turn = 0; turn < speeds.size(); turn++) {
      shares.add(speeds.get(turn) / products.get(turn));
    }
    return new BenchmarkReport.Operation(
        name,
        precision,
        gflop,
        Spread.of(seconds),
        Spread.of(seconds.stream().map(took -> batch / took).toList()),
        Spread.of(speeds),
        Spread.of(shares),
        memory.isPresent() ? Optional.of(memory.getAsLong()) : Optional.empty());
  }
}
