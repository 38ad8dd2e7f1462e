package downstream.eval.train;

/**
 * How long and how fast to train.
 *
 * @param steps optimiser updates
 * @param batch examples per update; the last, smaller batch of an epoch is dropped unless it is the
 *     only one
 * @param learningRate peak rate of AdamW
 * @param weightDecay decoupled, not applied to biases and norms
 * @param beta1 first-moment decay
 * @param beta2 second-moment decay
 * @param warmup share of the steps in which the rate rises linearly from 0; then it falls to 0
 *     along a cosine
 * @param clip largest global gradient norm; 0 switches clipping off
 * @param seed of data order, augmentation and every random draw of the objective
 * @param checkpointEvery steps between checkpoints
 * @param threads loader threads
 */
public record Plan(
    int steps,
    int batch,
    double learningRate,
    double weightDecay,
    double beta1,
    double beta2,
    double warmup,
    double clip,
    long seed,
    int checkpointEvery,
    int threads) {}
