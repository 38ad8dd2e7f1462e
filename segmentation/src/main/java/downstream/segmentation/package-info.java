/** The segmentation task: protocol, examples, training, prediction, plots. */
@NullMarked
package downstream.segmentation;

import org.jspecify.annotations.NullMarked;
