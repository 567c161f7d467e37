import { createContext, useContext } from 'react';
import type { SignIn } from './sign-in.ts';

export const SignInContext = createContext<SignIn | undefined>(undefined);

export function useSignIn(): SignIn {
  const signIn = useContext(SignInContext);
  if (!signIn) throw new Error('SignInContext is missing');
  return signIn;
}
