export { ContainerLookupError, NotAProgramError, ProgramNotInjectableError } from '../../core/errors/container-errors';
export { composedLM, StackOptions } from './composed-lm';
export { ContainerSettings } from './container-settings';
export { DspexModule, type DspexOptions, dspex } from './dspex';
export { HomeSettings, type PortSetting } from './home-settings';
export { type ProgramClass, programs } from './programs';
