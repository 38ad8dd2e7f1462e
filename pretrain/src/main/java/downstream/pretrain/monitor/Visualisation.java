package downstream.pretrain.monitor;

import downstream.eval.data.image.ContactSheet;
import downstream.eval.train.Step;

/** A picture of what a method does as it stands now: masked and reconstructed, views, pairs. */
@FunctionalInterface
public interface Visualisation {
  /**
   * Draws the sheet.
   *
   * @param step owns the arrays made here; without gradients. Its generator is the same every time,
   *     so that the pictures of a run show the same images under the same masks
   */
  ContactSheet draw(Step step);
}
