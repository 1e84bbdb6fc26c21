/** A small library about lighthouses, written for this example. */
export const PASSAGES: readonly string[] = [
  'The Pharos of Alexandria, finished around 280 BC, stood over a hundred metres high and guided ships into the harbour for some fifteen centuries.',
  'The Tower of Hercules near A Coruña in Spain was built by the Romans and still shows a light: it is the oldest lighthouse in use.',
  'Augustin Fresnel, a French engineer, replaced the heavy solid lens by rings of thin prisms in 1822. His lens threw the light of one lamp more than thirty kilometres out to sea.',
  'John Smeaton built the third Eddystone lighthouse in 1759. He dovetailed its granite blocks into each other and used a lime that sets under water.',
  'The Bell Rock lighthouse, built by Robert Stevenson off the east coast of Scotland, has stood on a reef that the tide covers since 1811.',
  'A lighthouse is told from its neighbours by its character: the colour and the rhythm of its flashes, written in the list of lights.',
  'Keepers of the nineteenth century trimmed the wicks every four hours, wound the clockwork that turned the lens, and wrote the weather into a log.',
  'Before electricity the lamps burned wood, then coal, whale oil, colza oil, and from the 1850s on mostly paraffin.',
  'Grace Darling, the daughter of the keeper of Longstone, rowed out with her father in 1838 and saved nine people from the wreck of the Forfarshire.',
  'The Jeddah Light in Saudi Arabia, a concrete tower of 1990, is about 133 metres high and so the tallest lighthouse in the world.',
  'Fog hides a light, so stations had a bell, later a siren or a diaphone: a horn driven by compressed air that was heard for miles.',
  'Gustaf Dalén invented a valve that put the gas lamp out at sunrise and lit it at dusk without a keeper. He was given the Nobel Prize in Physics for it in 1912.',
  'The last manned lighthouse of the United Kingdom, North Foreland in Kent, became automatic in 1998.',
  'A lightship does the work of a lighthouse where the water is too deep, or the ground too soft, to build one.',
];
