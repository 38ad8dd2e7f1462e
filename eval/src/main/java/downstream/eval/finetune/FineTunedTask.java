package downstream.eval.finetune;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.train.Examples;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import java.util.List;

/**
 * Task-specific part of the training of an encoder with a head.
 *
 * @param <H> its head
 * @param <E> its training example, host data
 */
public interface FineTunedTask<H extends Head, E> {
  /** Name for progress lines and errors. */
  String name();

  /**
   * Creates the head, its weights drawn from the engine's generator, which is seeded before.
   *
   * @param encoder at the protocol's image size
   * @param manager owns the head's weights
   * @throws downstream.eval.BadInput if the head cannot be put on this encoder
   */
  H createHead(EncoderFile encoder, NDManager manager);

  /** The training images, as {@link EncoderWithHead#inputs} or pixels. */
  Examples<E> examples(EncoderWithHead<H> model);

  /**
   * Returns the model's arrays of a batch, made ahead of its step on a thread of the loader;
   * nothing where {@link #losses} does not ask the model for features.
   */
  default NDList arrays(EncoderWithHead<H> model, List<E> batch, NDManager manager) {
    return new NDList();
  }

  /**
   * The loss of one batch, recorded by autograd; arrays are made in {@code step.manager()}.
   *
   * @return a scalar float32 total and its terms
   */
  Losses losses(EncoderWithHead<H> model, List<E> batch, Step step);
}
