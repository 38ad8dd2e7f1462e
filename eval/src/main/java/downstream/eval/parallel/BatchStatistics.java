package downstream.eval.parallel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import downstream.eval.torch.TorchScript;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.IntStream;

/**
 * Batch norm by the statistics of the whole batch, of which each replica has a share (in PyTorch:
 * {@code SyncBatchNorm}). Autograd goes through the statistics to the maps of all replicas.
 */
public final class BatchStatistics {
  private final Map<List<?>, TorchScript> scripts = new HashMap<>();

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
   * @param x [N, C, …], of this share
   * @param arrays scale, shift, running mean and running variance, [C] each
   * @return the shape of x
   */
  public NDArray normalise(NDArray x, List<NDArray> arrays, Numbers numbers) {
    Share share = Share.current();
    NDManager owner = arrays.get(0).getManager();
    int dimensions = x.getShape().dimension();
    NDArray own = // [2, C]: mean and variance
        scripts
            .computeIfAbsent(List.of(dimensions), key -> moments(owner, dimensions))
            .call(x.getManager(), List.of(x))
            .get(0);
    double count = (double) x.size() / x.getShape().get(1) / share.fraction();
    List<NDArray> all = share.gather(own);
    return scripts
        .computeIfAbsent(
            List.of(dimensions, numbers, share.fractions(), count),
            key -> norm(owner, dimensions, numbers, share.fractions(), count))
        .call(x.getManager(), List.of(x), arrays, all)
        .get(0);
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
  private static TorchScript norm(
      NDManager owner, int dimensions, Numbers numbers, List<Double> fractions, double count) {
    StringJoiner means = new StringJoiner(", ");
    StringJoiner variances = new StringJoiner(", ");
    for (int i = 0; i < fractions.size(); i++) {
      String part = "torch.select(s[%d], 0, %%d)".formatted(i);
      means.add("torch.mul(%s, %s)".formatted(part.formatted(0), fractions.get(i)));
      String distance = "torch.sub(%s, mean)".formatted(part.formatted(0));
      String spread = "torch.add(%s, torch.square(%s))".formatted(part.formatted(1), distance);
      variances.add("torch.mul(%s, %s)".formatted(spread, fractions.get(i)));
    }
    double added = 1 - numbers.momentum();
    double addedVariance = numbers.unbiased() ? added * count / (count - 1) : added;
    List<String> body = new ArrayList<>();
    body.add("mean = torch.sum(torch.stack([%s]), [0])".formatted(means));
    body.add("variance = torch.sum(torch.stack([%s]), [0])".formatted(variances));
    body.add(
        "scale = torch.mul(a[0], torch.rsqrt(torch.add(variance, %s)))"
            .formatted(numbers.epsilon()));
    body.add("shift = torch.sub(a[1], torch.mul(mean, scale))");
    String shape = "[1, -1" + ", 1".repeat(dimensions - 2) + "]";
    body.add(
        "y = torch.addcmul(torch.reshape(shift, %s), x[0], torch.reshape(scale, %s))"
            .formatted(shape, shape));
    body.add(running(2, "mean", numbers.momentum(), added));
    body.add(running(3, "variance", numbers.momentum(), addedVariance));
    return TorchScript.of(owner, List.of("x", "a", "s"), body, List.of("y"));
  }

  /** The statement that moves a running statistic in place. */
  private static String running(int place, String batch, double kept, double added) {
    return "r%d = torch.add_(torch.mul_(a[%d], %s), torch.detach(%s), alpha=%s)"
        .formatted(place, place, kept, batch, added);
  }
}
