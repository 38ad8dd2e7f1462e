/**
 * What compares label maps: confusion matrices and their figures, boundary IoU, panoptic quality,
 * and the verbs that work on files alone.
 */
@NullMarked
package downstream.segmentation.metrics;

import org.jspecify.annotations.NullMarked;
