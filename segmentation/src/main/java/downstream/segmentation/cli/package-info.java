/** Commands that score label maps and panoptic files without a model. */
@NullMarked
package downstream.segmentation.cli;

import org.jspecify.annotations.NullMarked;
