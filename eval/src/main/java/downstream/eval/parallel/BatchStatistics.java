package downstream.eval.parallel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import downstream.eval.torch.TorchScript;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Batch norm by the statistics of the whole batch, of which each replica has a share (in PyTorch:
 * {@code SyncBatchNorm}). Autograd goes through the statistics to the maps of all replicas.
 */
public final class BatchStatistics {
  private final Map<Integer, TorchScript> moments = new HashMap<>();
  private final Map<List<?>, TorchScript> norms = new HashMap<>();
  private List<Double> counts = List.of();
  private @Nullable NDArray factors;

  /**
   * Numbers of a norm.
   *
   * @param momentum fraction that a running statistic keeps of itself
   * @param unbiased whether the running variance is that of a sample: over count − 1
   */
  public record Numbers(double epsilon, double momentum, boolean unbiased) {}

  /**
   * Normalises maps and moves the running statistics.
   *
   * @param x [N, C, …], of this share; N may be another one in each share
   * @param arrays scale, shift, running mean and running variance, [C] each
   * @return the shape of x
   */
  public NDArray normalise(NDArray x, List<NDArray> arrays, Numbers numbers) {
    BatchShare share = BatchShare.current();
    NDManager owner = arrays.get(0).getManager();
    NDManager scope = x.getManager();
    int dimensions = x.getShape().dimension();
    NDArray own = // [2, C]: mean and variance
        moments
            .computeIfAbsent(dimensions, key -> moments(owner, dimensions))
            .call(scope, List.of(x))
            .get(0);
    List<NDArray> all = share.gather(own);
    NDArray weights =
        factors(share.counts((double) x.size() / x.getShape().get(1)), numbers, owner);
    return norms
        .computeIfAbsent(List.of(dimensions, numbers), key -> norm(owner, dimensions, numbers))
        .call(scope, List.of(x), arrays, all, List.of(weights))
        .get(0);
  }

  /** Fraction of each share in the batch, then the factor of the variance: [replicas + 1]. */
  private NDArray factors(List<Double> now, Numbers numbers, NDManager owner) {
    if (factors != null && counts.equals(now)) {
      return factors;
    }
    if (factors != null) {
      factors.close();
    }
    counts = now;
    double count = now.stream().mapToDouble(each -> each).sum();
    float[] values = new float[now.size() + 1];
    for (int i = 0; i < now.size(); i++) {
      values[i] = (float) (now.get(i) / count);
    }
    double added = 1 - numbers.momentum();
    values[now.size()] =
        (float) (numbers.unbiased() ? added * count / Math.max(1, count - 1) : added);
    factors = owner.create(values);
    return factors;
  }

  private static TorchScript moments(NDManager owner, int dimensions) {
    String axes =
        Arrays.toString(IntStream.range(0, dimensions).filter(axis -> axis != 1).toArray());
    String mean = "torch.mean(x[0], %s)".formatted(axes);
    String variance = "torch.var(x[0], %s, False)".formatted(axes);
    String both = "r = torch.stack([%s, %s])".formatted(mean, variance);
    return TorchScript.of(owner, List.of("x"), List.of(both), List.of("r"));
  }

  /**
   * The mean of the batch is that of the shares' means, its variance that of the shares' variances
   * and of how far their means are from it (Chan, Golub and LeVeque 1979).
   */
  private static TorchScript norm(NDManager owner, int dimensions, Numbers numbers) {
    String shape = "[1, -1" + ", 1".repeat(dimensions - 2) + "]";
    List<String> body =
        List.of(
            "all = torch.stack(s)", // [replicas, 2, C]
            "means = torch.select(all, 1, 0)",
            // A copy: autograd reads it later, and the argument's memory is Java's (docs/adr/0004).
            "f = torch.clone(torch.reshape(torch.slice(n[0], 0, 0, -1), [-1, 1]))",
            "mean = torch.sum(torch.mul(means, f), [0])",
            "spread = torch.add(torch.select(all, 1, 1), torch.square(torch.sub(means, mean)))",
            "variance = torch.sum(torch.mul(spread, f), [0])",
            "deviation = torch.rsqrt(torch.add(variance, %s))".formatted(numbers.epsilon()),
            "scale = torch.mul(a[0], deviation)",
            "shift = torch.sub(a[1], torch.mul(mean, scale))",
            "y = torch.addcmul(torch.reshape(shift, %s), x[0], torch.reshape(scale, %s))"
                .formatted(shape, shape),
            "m = torch.add_(torch.mul_(a[2], %s), torch.detach(mean), alpha=%s)"
                .formatted(numbers.momentum(), 1 - numbers.momentum()),
            "moved = torch.mul(torch.detach(variance), torch.select(n[0], 0, -1))",
            "v = torch.add_(torch.mul_(a[3], %s), moved)".formatted(numbers.momentum()));
    return TorchScript.of(owner, List.of("x", "a", "s", "n"), body, List.of("y"));
  }
}
